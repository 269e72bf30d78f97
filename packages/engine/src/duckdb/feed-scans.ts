import { ErganeError, isNone } from '@ergane/protocol';
import { Schema } from 'apache-arrow';
import type { RecordBatch } from 'apache-arrow';
import type { TableReference } from '../catalog/catalogs.ts';
import { ScanStatistics } from '../explain/scan-statistics.ts';
import { narrowByKeys } from '../plan/narrow-by-keys.ts';
import type { TableScan } from '../plan/table-scan.ts';
import type { QueryContext } from '../query-context.ts';
import { readScan } from '../read/read-scan.ts';
import { makeDeferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';
import type { DuckdbWorker, ScanListener } from './duckdb-worker.ts';
import { flattenBatch } from './flat-batch.ts';
import type { CollectedKeys, FromWorker, KeyColumn } from './worker-messages.ts';

/** Batches that may lie in DuckDB's inbox for one scan. */
const WINDOW = 3;

type OpenMessage = Extract<FromWorker, { kind: 'open' }>;

/** A scan that has been started and waits for, or feeds, a stream of DuckDB's. */
interface Feed {
  readonly scan: TableScan;
  readonly columns: readonly number[];
  readonly abort: AbortController;
  readonly opened: Deferred<number>;
  readonly done: Promise<void>;
}

/**
 * Reads the scans of one query and hands their batches to DuckDB. Scans that wait for nobody are started at once; those with dynamic
 * filters when DuckDB opens them, which it does after the build side has been read: then its keys are known.
 */
export class ScanFeeder implements ScanListener {
  readonly statistics: ReadonlyMap<number, ScanStatistics>;
  /** the first failure of a scan; DuckDB is told its text only */
  failure: unknown;
  readonly #context: QueryContext;
  readonly #columnsKnown: boolean;
  readonly #worker: DuckdbWorker;
  readonly #scans: ReadonlyMap<number, TableScan>;
  readonly #references: ReadonlyMap<number, TableReference>;
  #knownKeys: readonly CollectedKeys[] = [];
  readonly #early = new Map<number, Feed>();
  readonly #all = new Set<Feed>();
  readonly #credits = new Map<number, { left: number; wake: (() => void) | undefined }>();

  constructor(options: {
    readonly context: QueryContext;
    readonly worker: DuckdbWorker;
    readonly scans: readonly TableScan[];
    readonly references: readonly TableReference[];
    /** whether the scans' schemas have only the columns that are read: else DuckDB says so when it opens one */
    readonly columnsKnown: boolean;
  }) {
    this.#context = options.context;
    this.#columnsKnown = options.columnsKnown;
    this.#worker = options.worker;
    this.#scans = new Map(options.scans.map((scan) => [scan.id, scan]));
    this.#references = new Map(options.references.map((reference) => [reference.id, reference]));
    this.statistics = new Map(options.scans.map((scan) => [scan.id, new ScanStatistics()]));
  }

  /** Starts the scans that no dynamic filter can narrow. */
  startEarly(): void {
    if (!this.#columnsKnown) return;
    for (const scan of this.#scans.values())
      if (scan.dynamicFilters.length === 0) this.#early.set(scan.id, this.#start(scan));
  }

  /** Keys that were found before DuckDB runs, of scans that it reads itself. */
  know(keys: readonly CollectedKeys[]): void {
    this.#knownKeys = keys;
  }

  /** Columns whose values have to be kept for scans that start later. */
  keyColumns(): KeyColumn[] {
    return [...this.#scans.values()].flatMap((scan) =>
      scan.dynamicFilters.flatMap(({ from }) => from.filter((source) => source.kind === 'column')),
    );
  }

  onOpen({ stream, scan: id, columns, keys }: OpenMessage): void {
    this.#credits.set(stream, { left: WINDOW, wake: undefined });
    const scan = this.#scans.get(id);
    if (!scan) return this.#fail(stream, new ErganeError('INTERNAL', `the query has no scan ${id}`));
    const early = this.#early.get(id);
    this.#early.delete(id);
    if (early && this.#has(early.columns, columns, scan)) return early.opened.resolve(stream);
    early?.abort.abort();
    const narrowed = this.#narrow(this.#withColumns(scan, columns), keys);
    if (Object.values(narrowed.constraints.summary).some(isNone)) return this.#worker.send({ kind: 'end', stream });
    this.#start(narrowed).opened.resolve(stream);
  }

  onConsumed(stream: number): void {
    const credit = this.#credits.get(stream);
    if (!credit) return;
    credit.left++;
    credit.wake?.();
  }

  /** Ends what still runs, and waits for it. */
  async stop(): Promise<void> {
    for (const feed of this.#all) feed.abort.abort();
    for (const credit of this.#credits.values()) credit.wake?.();
    await Promise.all([...this.#all].map((feed) => feed.done));
  }

  #start(scan: TableScan): Feed {
    const abort = new AbortController();
    const opened = makeDeferred<number>();
    const columns = this.#columnNumbers(scan);
    const feed: Feed = {
      scan,
      columns,
      abort,
      opened,
      done: this.#pump(scan, { columns, abort, opened: opened.promise }),
    };
    this.#all.add(feed);
    void feed.done.then(() => this.#all.delete(feed));
    return feed;
  }

  async #pump(
    scan: TableScan,
    { columns, abort, opened }: { columns: readonly number[]; abort: AbortController; opened: Promise<number> },
  ): Promise<void> {
    const { signal } = abort;
    const statistics = this.statistics.get(scan.id) ?? new ScanStatistics();
    const context = { ...this.#context, signal: AbortSignal.any([this.#context.signal, signal]) };
    const catalog = this.#references.get(scan.id)?.table.catalog;
    const concurrency = catalog?.kind === 'federated' ? catalog.maxConcurrency : 1;
    const aborted = whenAborted(context.signal);
    try {
      for await (const batch of readScan(context, scan, { statistics, concurrency })) {
        const stream = await Promise.race([opened, aborted]);
        if (stream === undefined || !(await this.#credit(stream, { signal: context.signal, aborted }))) return;
        this.#send(stream, columns, { batch, statistics });
      }
      const stream = await Promise.race([opened, aborted]);
      if (stream !== undefined) this.#worker.send({ kind: 'end', stream });
    } catch (error) {
      if (context.signal.aborted) return;
      this.failure ??= error;
      const stream = await Promise.race([opened, aborted]);
      if (stream !== undefined) this.#fail(stream, error);
    }
  }

  #send(
    stream: number,
    columns: readonly number[],
    { batch, statistics }: { readonly batch: RecordBatch; readonly statistics: ScanStatistics },
  ): void {
    const flat = flattenBatch(batch, true);
    for (const buffer of flat.buffers) statistics.bytes += buffer.byteLength;
    this.#worker.send({ kind: 'batch', stream, columns, batch: flat });
  }

  #fail(stream: number, error: unknown): void {
    this.failure ??= error;
    this.#worker.send({ kind: 'failed', stream, message: error instanceof Error ? error.message : String(error) });
  }

  /** `aborted` is made once: a listener more for every batch would stay with the signal */
  async #credit(
    stream: number,
    { signal, aborted }: { readonly signal: AbortSignal; readonly aborted: Promise<undefined> },
  ): Promise<boolean> {
    const credit = this.#credits.get(stream);
    if (!credit) return false;
    while (credit.left <= 0 && !signal.aborted)
      await Promise.race([new Promise<void>((wake) => (credit.wake = wake)), aborted]);
    credit.left--;
    return !signal.aborted;
  }

  #columnNumbers(scan: TableScan): number[] {
    return scan.schema.fields.map((field) => scan.tableSchema.fields.indexOf(field));
  }

  /** DuckDB may have planned the running query a little differently from the plan that it told. */
  #has(planned: readonly number[], wanted: readonly number[], scan: TableScan): boolean {
    return wanted.every((column) => column >= scan.tableSchema.fields.length || planned.includes(column));
  }

  #withColumns(scan: TableScan, wanted: readonly number[]): TableScan {
    const planned = this.#columnsKnown ? this.#columnNumbers(scan) : [];
    if (this.#columnsKnown && this.#has(planned, wanted, scan)) return scan;
    const columns = [...new Set([...planned, ...wanted])].sort((a, b) => a - b);
    const fields = columns.flatMap((column) => scan.tableSchema.fields[column] ?? []);
    return { ...scan, schema: new Schema(fields, scan.schema.metadata) };
  }

  #narrow(scan: TableScan, keys: readonly CollectedKeys[]): TableScan {
    const { constraints, notes } = narrowByKeys(scan, {
      keys: [...this.#knownKeys, ...keys],
      typeOf: (id, column) => this.#references.get(id)?.table.columns[column]?.type,
    });
    this.statistics.get(scan.id)?.dynamicFilters.push(...notes);
    return { ...scan, constraints };
  }
}

function whenAborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
