import { randomUUID } from 'node:crypto';
import { EXTENSIONS } from '@ergane/protocol';
import type { Identity, Invoker } from '@ergane/protocol';
import type { ObjectStore } from '@ergane/storage';
import type { PushdownOptions } from './plan/pushdown-options.ts';
import type { BufferPool } from './read/buffer-pool.ts';

/** Where functions put what is too large for an answer, and the engine finds it. */
export interface SpillPlace {
  readonly store: ObjectStore;
  readonly bucket: string;
  readonly prefix: string;
}

/** What every stage of one query is given. */
export interface QueryContext {
  readonly queryId: string;
  readonly identity: Identity;
  /** for metadata: with retries */
  readonly invoker: Invoker;
  /** for reading splits: with a limit of concurrency; read/ adds retries */
  readonly reader: Invoker;
  readonly spill: SpillPlace;
  /** for blocks on their way to DuckDB */
  readonly buffers: BufferPool;
  readonly signal: AbortSignal;
  readonly pushdown: PushdownOptions;
}

/** The identity that the engine shows to connectors (section 1.2): what it understands, and where to spill. */
export function makeIdentity(spill: SpillPlace, extra: Readonly<Record<string, string>> = {}): Identity {
  const { continuation, blockNonces, statistics, readStatistics, readAhead, sql, valueBlocks } = EXTENSIONS;
  const announced = Object.fromEntries(
    [continuation, blockNonces, statistics, readStatistics, readAhead, sql, valueBlocks].map((name) => [name, '1']),
  );
  return {
    account: '',
    arn: '',
    tags: {},
    groups: [],
    configOptions: { ...announced, spill_bucket: spill.bucket, spill_prefix: spill.prefix, ...extra },
  };
}

export function makeQueryId(): string {
  return randomUUID();
}
