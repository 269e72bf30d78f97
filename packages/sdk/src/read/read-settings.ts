import { ErganeError } from '@ergane/protocol';
import type { ReadRecordsRequest } from '@ergane/protocol';
import type { Environment } from '../settings.ts';
import type { BlockSizes } from './block-sink.ts';

/** Lambda's 6,291,456 bytes of answer, less the schema and the rest, in base64 (section 5.1). */
const LARGEST_INLINE = 4_400_000;
const SMALLEST_BLOCK = 1024;

/** @throws ErganeError CONFIG_INVALID */
export function readBlockSizes(request: ReadRecordsRequest, environment: Environment): BlockSizes {
  const block = readCount(environment, ['MAX_BLOCK_SIZE_BYTES']) ?? Number(request.maxBlockSize);
  return {
    inline: Math.min(Number(request.maxInlineBlockSize), LARGEST_INLINE),
    block: Math.max(SMALLEST_BLOCK, block),
  };
}

/** Uploads at once; AWS's name for the length of its queue. */
export function readUploads(environment: Environment): number {
  return readCount(environment, ['SPILL_QUEUE_CAPACITY', 'spill_queue_capacity']) ?? 2;
}

/** Headers of every upload, such as `x-amz-server-side-encryption`. */
export function readSpillHeaders(environment: Environment): Readonly<Record<string, string>> {
  const setting = 'spill_put_request_headers';
  const text = environment[setting];
  if (text === undefined || text.trim() === '') return {};
  const invalid = (cause?: unknown): ErganeError =>
    new ErganeError('CONFIG_INVALID', `${setting} must be a JSON object of strings`, { where: { setting }, cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw invalid(cause);
  }
  if (typeof value !== 'object' || value === null) throw invalid();
  const headers = Object.entries(value).map(([name, header]: [string, unknown]) => {
    if (typeof header !== 'string') throw invalid();
    return [name, header] as const;
  });
  return Object.fromEntries(headers);
}

function readCount(environment: Environment, names: readonly string[]): number | undefined {
  for (const name of names) {
    const text = environment[name];
    if (text === undefined || text.trim() === '') continue;
    const value = Number(text);
    if (Number.isSafeInteger(value) && value > 0) return value;
    throw new ErganeError('CONFIG_INVALID', `${name} is "${text}": it must be a whole number above 0`, {
      where: { setting: name },
    });
  }
  return undefined;
}
