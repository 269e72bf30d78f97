import { ErganeError, EXTENSIONS } from '@ergane/protocol';
import type { Extension, Identity } from '@ergane/protocol';
import type { Budget } from './budget.ts';
import type { CallContext, ConnectorDefinition, InvocationContext } from './connector.ts';
import type { Instance } from './instance.ts';

/** One invocation on its way through the SDK. */
export interface Call {
  readonly definition: ConnectorDefinition;
  readonly instance: Instance;
  readonly invocation: InvocationContext;
  readonly budget: Budget;
  /** what the connector is given */
  readonly context: CallContext;
}

/** What the messages say of who asks. */
export interface Caller {
  readonly identity: Identity;
  readonly queryId: string | null;
  readonly catalogName: string;
}

export function makeContext(parts: Omit<Call, 'context'>, { identity, queryId, catalogName }: Caller): CallContext {
  const { instance, invocation, budget } = parts;
  const { signal, remainingTimeMs } = budget;
  return {
    catalogName,
    queryId: queryId ?? '',
    identity,
    settings: instance.settings,
    signal,
    remainingTimeMs,
    throttled: (run, isThrottle) => instance.throttle.run(run, { signal, remainingTimeMs, isThrottle }),
    log(message) {
      const line = instance.redaction.text(message);
      if (invocation.log === undefined) console.error(line);
      else invocation.log(line);
    },
  };
}

/** Whether the caller understands one of Ergane's extensions. */
export function announces(identity: Identity, extension: Extension): boolean {
  const value = identity.configOptions[EXTENSIONS[extension]];
  return value !== undefined && value !== '' && value !== '0';
}

/** What went wrong, as an ErganeError that names the function and the catalog, without any secret. */
export function explainFailure(error: unknown, { invocation, budget, instance, context }: Call): ErganeError {
  return instance.redaction.error(withPlace(toErganeError(error, invocation, budget), context.catalogName, invocation));
}

function toErganeError(error: unknown, invocation: InvocationContext, budget: Budget): ErganeError {
  if (invocation.signal.aborted) {
    const { reason }: { reason: unknown } = invocation.signal;
    if (reason instanceof ErganeError) return reason;
    return new ErganeError('QUERY_CANCELLED', 'the query was cancelled', { cause: error });
  }
  if (budget.signal.aborted && budget.signal.reason instanceof ErganeError) return budget.signal.reason;
  if (error instanceof ErganeError) return error;
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return new ErganeError('FUNCTION_FAILED', `function ${invocation.functionName} failed: ${reason}`, { cause: error });
}

function withPlace(error: ErganeError, catalog: string, invocation: InvocationContext): ErganeError {
  const where = { ...(catalog !== '' && { catalog }), function: invocation.functionName, ...error.where };
  const placed = new ErganeError(error.code, error.message, { where, cause: error.cause });
  if (error.stack !== undefined) placed.stack = error.stack;
  return placed;
}
