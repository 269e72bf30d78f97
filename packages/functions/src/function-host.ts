import type { Invocation, InvocationReport, InvocationResult, Invoker } from '@ergane/protocol';
import { ErganeError } from '@ergane/protocol';
import * as faults from './faults.ts';
import type { FunctionConfig } from './function-config.ts';
import { FunctionLog, type LogLine } from './function-log.ts';
import { FunctionPool, type FunctionStats } from './function-pool.ts';
import { serveInvokeApi, type InvokeApi } from './invoke-api.ts';
import { MemoryWatch } from './memory-watch.ts';
import { Reaper } from './reaper.ts';
import { resolveFunction } from './resolve-function.ts';

export interface FunctionHostOptions {
  readonly functions: readonly FunctionConfig[];
  /** every line that a function or the host about it writes, as it comes */
  readonly onLog?: (line: LogLine) => void;
  /** what the REPORT line of each invocation says, failed ones too */
  readonly onReport?: (functionName: string, report: InvocationReport) => void;
  /** serves Lambda's Invoke API on this loopback port (0: any free one); default: not at all */
  readonly invokePort?: number;
}

/**
 * Runs functions as local processes with the limits of AWS Lambda. `invoke` rejects with ErganeError: FUNCTION_NOT_CONFIGURED,
 * FUNCTION_CRASHED, FUNCTION_TIMED_OUT, FUNCTION_OUT_OF_MEMORY, FUNCTION_PAYLOAD_TOO_LARGE, FUNCTION_RESPONSE_INVALID,
 * FUNCTION_THROTTLED, CONFIG_INVALID (the command cannot be started) or QUERY_CANCELLED; after any of them but the first, the next
 * invocation finds a working environment or gets a fresh one. Disposing ends every process.
 */
export interface FunctionHost extends Invoker, AsyncDisposable {
  /** of the Invoke API, such as `http://127.0.0.1:3001`; undefined without `invokePort` */
  readonly invokeEndpoint: string | undefined;
  /** @throws ErganeError CONFIG_INVALID for a wrong setting or a name that is taken */
  addFunction(config: FunctionConfig): void;
  /** Ends its environments; its invocations fail with QUERY_CANCELLED. */
  removeFunction(name: string): Promise<void>;
  listFunctions(): readonly string[];
  stats(): readonly FunctionStats[];
  /** The newest log lines of a function (at most 2,000), oldest first. */
  logs(name: string, filter?: { readonly requestId?: string }): readonly LogLine[];
}

/** @throws ErganeError CONFIG_INVALID, also for an `invokePort` that is taken */
export async function startFunctionHost(options: FunctionHostOptions): Promise<FunctionHost> {
  const host = new LocalFunctionHost(options);
  try {
    for (const config of options.functions) host.addFunction(config);
    if (options.invokePort !== undefined) await host.serveInvokeApi(options.invokePort);
  } catch (error) {
    await host[Symbol.asyncDispose]();
    throw error;
  }
  return host;
}

class LocalFunctionHost implements FunctionHost {
  readonly #pools = new Map<string, FunctionPool>();
  readonly #memoryWatch = new MemoryWatch();
  readonly #reaper = new Reaper();
  readonly #options: FunctionHostOptions;
  #invokeApi: InvokeApi | undefined;

  constructor(options: FunctionHostOptions) {
    this.#options = options;
  }

  get invokeEndpoint(): string | undefined {
    return this.#invokeApi?.endpoint;
  }

  async serveInvokeApi(port: number): Promise<void> {
    try {
      this.#invokeApi = await serveInvokeApi(this, port);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `the Invoke API cannot be served on 127.0.0.1:${port}: ${reason}; choose another invokePort`;
      throw new ErganeError('CONFIG_INVALID', message, { where: { setting: 'invokePort' }, cause: error });
    }
  }

  addFunction(config: FunctionConfig): void {
    const resolved = resolveFunction(config);
    const { name } = resolved;
    if (this.#pools.has(name)) {
      const message = `function "${name}" is configured already: choose another name, or remove it first`;
      throw new ErganeError('CONFIG_INVALID', message, { where: { function: name, setting: 'name' } });
    }
    const pool = new FunctionPool({
      resolved,
      log: new FunctionLog(this.#options.onLog),
      memoryWatch: this.#memoryWatch,
      reaper: this.#reaper,
      onReport: (report) => this.#options.onReport?.(name, report),
    });
    this.#pools.set(name, pool);
  }

  async removeFunction(name: string): Promise<void> {
    const pool = this.#pool(name);
    this.#pools.delete(name);
    await pool[Symbol.asyncDispose]();
  }

  listFunctions(): readonly string[] {
    return [...this.#pools.keys()];
  }

  stats(): readonly FunctionStats[] {
    return [...this.#pools.values()].map((pool) => pool.stats());
  }

  logs(name: string, filter?: { readonly requestId?: string }): readonly LogLine[] {
    return this.#pool(name).log.list(filter);
  }

  // async: a name that is not configured rejects like every other failure
  async invoke(invocation: Invocation): Promise<InvocationResult> {
    return this.#pool(invocation.functionName).invoke(invocation);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool[Symbol.asyncDispose]()));
    this.#invokeApi?.[Symbol.dispose]();
    this.#memoryWatch[Symbol.dispose]();
    this.#reaper[Symbol.dispose]();
  }

  #pool(name: string): FunctionPool {
    const pool = this.#pools.get(name);
    if (pool === undefined) throw faults.notConfigured(name, this.listFunctions());
    return pool;
  }
}
