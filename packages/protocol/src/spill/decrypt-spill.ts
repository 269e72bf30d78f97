import { createDecipheriv } from 'node:crypto';
import { ErganeError } from '../errors.ts';
import type { EncryptionKey } from '../messages.ts';
import { cipherName, PIECE } from './cipher.ts';
import { SPILL_TAG_LENGTH } from './encrypt-spill.ts';

/**
 * A spilled object in clear: a record batch message, in memory of its own (aligned, and free to be transferred to another thread), or at
 * the beginning of what `allocate` gives for its size.
 * @throws ErganeError SPILL_CORRUPT where its tag does not agree: it was truncated, altered, or written with another key
 */
export function decryptSpill(
  bytes: Uint8Array,
  key: EncryptionKey,
  allocate: (size: number) => Uint8Array<ArrayBuffer> = allocateOwn,
): Uint8Array<ArrayBuffer> {
  const size = bytes.length - SPILL_TAG_LENGTH;
  if (size < 0)
    throw corrupt(`has ${bytes.length} bytes, fewer than the ${SPILL_TAG_LENGTH} of its tag: it was truncated`);
  const decipher = createDecipheriv(cipherName(key), key.key, key.nonce, { authTagLength: SPILL_TAG_LENGTH });
  decipher.setAuthTag(bytes.subarray(size));
  const clear = allocate(size);
  for (let start = 0; start < size; start += PIECE)
    clear.set(decipher.update(bytes.subarray(start, Math.min(start + PIECE, size))), start);
  try {
    decipher.final();
  } catch (error) {
    throw corrupt('does not agree with its tag: it was truncated, altered, or written with another key', error);
  }
  return clear;
}

function allocateOwn(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
}

function corrupt(what: string, cause?: unknown): ErganeError {
  return new ErganeError('SPILL_CORRUPT', `a spilled object ${what}`, { ...(cause !== undefined && { cause }) });
}
