import { createCipheriv, randomBytes } from 'node:crypto';
import type { EncryptionKey } from '../messages.ts';
import { cipherName, PIECE } from './cipher.ts';

/** Bytes of AES-GCM's tag at the end of a spilled object (section 5.3). */
export const SPILL_TAG_LENGTH = 16;

/** A fresh key of 256 bits and nonce for one split. */
export function makeEncryptionKey(): EncryptionKey {
  return { key: new Uint8Array(randomBytes(32)), nonce: makeNonce() };
}

/** A fresh nonce, for one block where the caller knows the extension `blockNonces`. */
export function makeNonce(): Uint8Array {
  return new Uint8Array(randomBytes(12));
}

/** A spilled object: AES-GCM's ciphertext and then its tag of 16 bytes, no associated data (section 5.3). */
export function encryptSpill(bytes: Uint8Array, key: EncryptionKey): Uint8Array {
  return encryptSpillParts([bytes], key);
}

/** The same of a message in pieces, as `encodeRecordBatchParts` gives it: it is never joined in clear. */
export function encryptSpillParts(parts: readonly Uint8Array[], key: EncryptionKey): Uint8Array {
  const cipher = createCipheriv(cipherName(key), key.key, key.nonce);
  const size = parts.reduce((sum, part) => sum + part.length, SPILL_TAG_LENGTH);
  const encrypted = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
  let at = 0;
  for (const piece of pieces(parts)) {
    encrypted.set(cipher.update(piece), at);
    at += piece.length;
  }
  cipher.final();
  encrypted.set(cipher.getAuthTag(), at);
  return encrypted;
}

function* pieces(parts: readonly Uint8Array[]): Iterable<Uint8Array> {
  for (const part of parts)
    for (let start = 0; start < part.length; start += PIECE) yield part.subarray(start, start + PIECE);
}
