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
  /** environments started ahead of work and never ended for being idle; default 0 */
  readonly provisionedConcurrency?: number;
  /** environments kept warm without work for this long; default 300 */
  readonly idleSeconds?: number;
  /** from the start of the process to its first request for work; default 10 */
  readonly initSeconds?: number;
  /** how long a cancelled invocation may take to stop by itself before its environment is ended; default 2 */
  readonly cancellationSeconds?: number;
  /** invocations that may wait for an environment before FUNCTION_THROTTLED; default 10,000 */
  readonly queueLimit?: number;
}
