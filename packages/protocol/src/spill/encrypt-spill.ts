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
  const size = parts.reduce((sum, part) => sum + part.length, SPILL_TAG_LENGTH);
  const encrypted = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
  let at = 0;
  for (const piece of encryptSpillPieces(parts, key)) {
    encrypted.set(piece, at);
    at += piece.length;
  }
  return encrypted;
}

/** The same object in pieces, for a store that takes them: it is never joined at all. The parts are not read any more afterwards. */
export function encryptSpillPieces(parts: readonly Uint8Array[], key: EncryptionKey): Uint8Array[] {
  const cipher = createCipheriv(cipherName(key), key.key, key.nonce);
  const encrypted: Uint8Array[] = [];
  for (const piece of pieces(parts)) encrypted.push(cipher.update(piece));
  cipher.final();
  encrypted.push(cipher.getAuthTag());
  return encrypted;
}

/** Shorter parts are joined before: a call of OpenSSL costs as much as copying them. */
const SHORT = 1 << 14;

function* pieces(parts: readonly Uint8Array[]): Iterable<Uint8Array> {
  let short: Uint8Array[] = [];
  let size = 0;
  for (const part of parts) {
    if (part.length < SHORT) {
      short.push(part);
      size += part.length;
      if (size < SHORT) continue;
    }
    if (size > 0) yield Buffer.concat(short, size);
    short = [];
    size = 0;
    if (part.length >= SHORT)
      for (let start = 0; start < part.length; start += PIECE) yield part.subarray(start, start + PIECE);
  }
  if (size > 0) yield Buffer.concat(short, size);
}
