import { createCipheriv, randomBytes } from 'node:crypto';
import { encodeRecordBatchParts, ErganeError } from '@ergane/protocol';
import type { EncryptionKey, SpillLocation } from '@ergane/protocol';
import type { ObjectStore } from '@ergane/storage';
import type { RecordBatch } from 'apache-arrow';

export interface SpillTarget {
  readonly openStore: () => Promise<ObjectStore>;
  readonly location: SpillLocation;
  /** null: in clear */
  readonly encryptionKey: EncryptionKey | null;
  /** a nonce of its own for every block, which the caller must have announced */
  readonly blockNonces: boolean;
  readonly headers: Readonly<Record<string, string>>;
  /** uploads at once */
  readonly uploads: number;
  readonly signal: AbortSignal;
}

export interface Spilled {
  readonly blocks: readonly SpillLocation[];
  /** one a block, when it has its own */
  readonly nonces: readonly Uint8Array[];
}

/** Writes blocks beside the read: objects `<key>.0`, `<key>.1`, … (section 5.2), at most `uploads` at once. */
export interface SpillWriter {
  readonly bytes: number;
  /** Resolves when there is room for another block; the batch is not read any more then. */
  write(batch: RecordBatch): Promise<void>;
  /** Waits for all uploads. @throws ErganeError SPILL_FAILED */
  close(): Promise<Spilled>;
  /** Deletes what was written: the read has failed. */
  abandon(): Promise<void>;
}

export function openSpillWriter(target: SpillTarget): SpillWriter {
  const { location, encryptionKey } = target;
  const running = new Set<Promise<void>>();
  const blocks: SpillLocation[] = [];
  const nonces: Uint8Array[] = [];
  const failures: unknown[] = [];
  let bytes = 0;
  const check = (): void => {
    if (failures.length > 0) throw spillFailed(failures[0], location);
  };
  const upload = async (key: string, pieces: readonly Uint8Array[]): Promise<void> => {
    try {
      const store = await target.openStore();
      await store.put(location.bucket, key, pieces, { headers: target.headers, signal: target.signal });
    } catch (error) {
      failures.push(error);
    }
  };
  return {
    get bytes() {
      return bytes;
    },
    async write(batch) {
      while (running.size >= target.uploads) await Promise.race(running);
      check();
      const block = { ...location, key: `${location.key}.${blocks.length}`, directory: false };
      const nonce = target.blockNonces ? randomBytes(12) : encryptionKey?.nonce;
      const pieces = seal(
        encodeRecordBatchParts(batch, 'legacy'),
        encryptionKey && { ...encryptionKey, ...(nonce && { nonce }) },
      );
      for (const piece of pieces) bytes += piece.length;
      blocks.push(block);
      if (target.blockNonces && nonce !== undefined) nonces.push(nonce);
      const done = upload(block.key, pieces).finally(() => running.delete(done));
      running.add(done);
    },
    async close() {
      await Promise.all(running);
      check();
      return { blocks, nonces };
    },
    async abandon() {
      await Promise.all(running);
      if (blocks.length === 0) return;
      const store = await target.openStore();
      await store.delete(
        location.bucket,
        blocks.map((block) => block.key),
      );
    },
  };
}

/** AES-GCM takes long inputs in pieces of 1 MiB at twice the speed of a single one; many short ones are joined first. */
const LONG = 1024 * 1024;
const SHORT = 128 * 1024;

/** The object's bytes: in clear a copy, encrypted the ciphertext and the tag (section 5.3). The parts are not read any more afterwards. */
function seal(parts: readonly Uint8Array[], key: EncryptionKey | null): Uint8Array[] {
  if (key === null) return [Buffer.concat(parts)];
  const cipher = createCipheriv(cipherName(key.key), key.key, key.nonce);
  const pieces: Uint8Array[] = [];
  for (const part of joinShort(parts))
    for (let from = 0; from < part.length; from += LONG) pieces.push(cipher.update(part.subarray(from, from + LONG)));
  pieces.push(cipher.final(), cipher.getAuthTag());
  return pieces;
}

function cipherName(key: Uint8Array): 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' {
  if (key.length === 16) return 'aes-128-gcm';
  return key.length === 24 ? 'aes-192-gcm' : 'aes-256-gcm';
}

function* joinShort(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let short: Uint8Array[] = [];
  let size = 0;
  for (const part of parts) {
    if (part.length < SHORT) {
      short.push(part);
      size += part.length;
      if (size < SHORT) continue;
    }
    if (short.length > 0) yield Buffer.concat(short, size);
    short = [];
    size = 0;
    if (part.length >= SHORT) yield part;
  }
  if (short.length > 0) yield Buffer.concat(short, size);
}

function spillFailed(cause: unknown, { bucket, key }: SpillLocation): unknown {
  if (cause instanceof Error && cause.name === 'AbortError') return cause;
  if (cause instanceof ErganeError && cause.code === 'CONFIG_INVALID') return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ErganeError(
    'SPILL_FAILED',
    `the result could not be spilled to "${key}" in bucket "${bucket}": ${reason}`,
    {
      where: { bucket, key },
      cause,
    },
  );
}
