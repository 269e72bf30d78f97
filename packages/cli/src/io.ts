import type { Readable, Writable } from 'node:stream';
import type { Environment } from './config/references.ts';

export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What the command line has of its surroundings: a process gives its own, a test others. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly environment: Environment;
  /** the working directory */
  readonly folder: string;
  /** aborted by Ctrl-C, SIGTERM, or when nobody reads the output any more */
  readonly signal: AbortSignal;
}

/** Whether a stream takes colours: a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb say otherwise. */
export function hasColor(stream: OutputStream, environment: Environment): boolean {
  return stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}
