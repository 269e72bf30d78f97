/** A function as the host runs it. Limits are Lambda's (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export interface FunctionConfig {
  readonly name: string;
  /** program and arguments of one execution environment, which speaks the Lambda Runtime API */
  readonly command: readonly [string, ...string[]];
  /** `_HANDLER` */
  readonly handler?: string;
  /** `LAMBDA_TASK_ROOT` and working directory; default: the host's working directory */
  readonly directory?: string;
  /** the function's own environment: nothing else of the host's reaches it but PATH, HOME, TMPDIR, LANG, TZ */
  readonly environment?: Readonly<Record<string, string>>;
  /** default 900 */
  readonly timeoutSeconds?: number;
  /** default 3008; resident memory of the process tree above it ends the environment */
  readonly memoryMb?: number;
  /** invocations at once; default: twice the CPUs */
  readonly reservedConcurrency?: number;
  /** environments kept warm without work for this long; default 300 */
  readonly idleSeconds?: number;
}
