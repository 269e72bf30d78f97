import { ErganeError } from '@ergane/protocol';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Writes and waits while the reader is slow. */
export async function write(stream: Writable, chunk: string | Uint8Array, signal?: AbortSignal): Promise<void> {
  if (chunk.length === 0) return;
  if (!stream.write(chunk)) await once(stream, 'drain', signal === undefined ? {} : { signal });
}

/** A file that is there whole or not at all. */
export interface OutputFile {
  readonly stream: Writable;
  /** gives the file its name */
  finish(): Promise<void>;
  discard(): Promise<void>;
}

/** @throws ErganeError CONFIG_INVALID when the file cannot be written */
export async function openOutputFile(file: string): Promise<OutputFile> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  const stream = createWriteStream(temporary, { flags: 'wx' });
  try {
    await once(stream, 'open');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `--output ${file} cannot be written: ${reason}`;
    throw new ErganeError('CONFIG_INVALID', message, { where: { setting: 'output' }, cause });
  }
  return {
    stream,
    async finish() {
      stream.end();
      await finished(stream);
      await rename(temporary, file);
    },
    async discard() {
      stream.destroy();
      await rm(temporary, { force: true });
    },
  };
}
