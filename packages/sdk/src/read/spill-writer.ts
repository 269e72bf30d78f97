import { encodeRecordBatchParts, ErganeError } from '@ergane/protocol';
import type { EncryptionKey, SpillLocation } from '@ergane/protocol';
import { encryptSpillPieces, makeNonce } from '@ergane/protocol/spill';
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
  const written: string[] = [];
  const failures: unknown[] = [];
  let bytes = 0;
  const check = (): void => {
    if (failures.length > 0) throw spillFailed(failures[0], location);
  };
  const upload = async (key: string, sealed: readonly Uint8Array[]): Promise<void> => {
    try {
      const store = await target.openStore();
      await store.put(location.bucket, key, sealed, { headers: target.headers, signal: target.signal });
      written.push(key);
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
      const nonce = target.blockNonces ? makeNonce() : encryptionKey?.nonce;
      const sealed = seal(
        encodeRecordBatchParts(batch, 'legacy'),
        encryptionKey && { ...encryptionKey, ...(nonce && { nonce }) },
      );
      for (const piece of sealed) bytes += piece.length;
      blocks.push(block);
      if (target.blockNonces && nonce !== undefined) nonces.push(nonce);
      const done = upload(block.key, sealed).finally(() => running.delete(done));
      running.add(done);
    },
    async close() {
      await Promise.all(running);
      check();
      return { blocks, nonces };
    },
    async abandon() {
      await Promise.all(running);
      if (written.length === 0) return;
      const store = await target.openStore();
      await store.delete(location.bucket, written);
    },
  };
}

/** The object's bytes (section 5.3), of which none is the batch's own any more: it may be written again while they are uploaded. */
function seal(parts: readonly Uint8Array[], key: EncryptionKey | null): readonly Uint8Array[] {
  return key === null ? [Buffer.concat(parts)] : encryptSpillPieces(parts, key);
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
