import { ErganeError, type ErrorKind } from '@ergane/protocol';
import { UsageError } from './usage-error.ts';

/** What the process says when it ends (docs/cli.md). */
export const EXIT_CODES = {
  ok: 0,
  /** the statement, a name in it, or the configuration is wrong */
  user: 1,
  /** the command line is wrong */
  usage: 2,
  /** a data source is unreachable, refuses or failed */
  source: 3,
  /** a function, or something it needs (spill, stores, memory), failed */
  function: 4,
  /** a fault of Ergane itself */
  internal: 5,
  /** Ctrl-C: 128 + SIGINT, as shells do */
  cancelled: 130,
  /** the reader of the output went away: 128 + SIGPIPE */
  outputClosed: 141,
  /** 128 + SIGTERM */
  terminated: 143,
} as const;

const BY_KIND: Readonly<Record<ErrorKind, number>> = {
  user: EXIT_CODES.user,
  source: EXIT_CODES.source,
  function: EXIT_CODES.function,
  resource: EXIT_CODES.function,
  internal: EXIT_CODES.internal,
};

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT_CODES.usage;
  if (!(error instanceof ErganeError)) return EXIT_CODES.internal;
  return error.code === 'QUERY_CANCELLED' ? EXIT_CODES.cancelled : BY_KIND[error.kind];
}
