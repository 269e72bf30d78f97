import { DuckDBTableFunction, INTEGER } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../sql/trino-type.ts';
import type { BatchInbox } from './batch-inbox.ts';
import { fillVector } from './fill-vector.ts';
import { readFlatBatch } from './flat-batch.ts';
import type { ArrowColumn } from './flat-batch.ts';
import { KeyCollector } from './key-collector.ts';
import { scanType } from './scan-type.ts';
import type { CollectedKeys, FromWorker, KeyColumn, ScanTable } from './worker-messages.ts';

const VECTOR_SIZE = 2048;

/** What `ergane_scan` needs of the query that runs: replaced with every query. */
export interface ScanContext {
  readonly tables: ReadonlyMap<number, ScanTable>;
  readonly keyColumns: readonly KeyColumn[];
  readonly streams: ScanStream[];
  /** collected keys by scan and column; a scan that was opened twice or not read to its end has none */
  readonly finished: Map<number, ScanStream>;
  readonly opened: Set<number>;
  /** what a scan threw: DuckDB keeps its text only */
  failure: unknown;
}

/** One reading of one scan: DuckDB's init data. */
export interface ScanStream {
  readonly stream: number;
  readonly table: ScanTable;
  /** columns of the table that DuckDB wants, in its order */
  readonly columns: readonly number[];
  /** undefined: a column of DuckDB's own, such as the row number */
  readonly types: readonly (TrinoType | undefined)[];
  readonly collectors: readonly { readonly column: number; readonly keys: KeyCollector }[];
  /** the memory of the batch at hand */
  buffers: readonly ArrayBuffer[];
  /** columns of the batch at hand, in the order of `columns` */
  batch: readonly (ArrowColumn | undefined)[];
  rowCount: number;
  row: number;
  ended: boolean;
}

export function emptyScanContext(tables: readonly ScanTable[], keyColumns: readonly KeyColumn[]): ScanContext {
  return {
    tables: new Map(tables.map((table) => [table.id, table])),
    keyColumns,
    streams: [],
    finished: new Map(),
    opened: new Set(),
    failure: undefined,
  };
}

/** The table function `ergane_scan(id)`: rows come from the inbox, which DuckDB's thread waits for. */
export function makeScanFunction(options: {
  readonly inbox: BatchInbox;
  readonly context: () => ScanContext;
  readonly send: (message: FromWorker) => void;
  readonly threads: number;
}): DuckDBTableFunction {
  const { inbox, context, send } = options;
  return DuckDBTableFunction.create({
    name: 'ergane_scan',
    supportsProjectionPushdown: true,
    parameterTypes: [INTEGER],
    bindFunction(bind) {
      const table = findTable(context(), bind.getParameter(0));
      for (const column of table.columns) bind.addResultColumn(column.name, scanType(column.type));
      bind.setCardinality(Math.max(0, Math.round(table.rowCount)), false);
      bind.setBindData(table);
    },
    initFunction(init) {
      const stream = openStream(context(), init.getBindData(), init.getColumnIndexes());
      init.setMaxThreads(options.threads);
      init.setInitData(stream);
      send({
        kind: 'open',
        stream: stream.stream,
        scan: stream.table.id,
        columns: stream.columns,
        keys: collectedKeys(context()),
      });
    },
    mainFunction(info, output) {
      // Two threads of DuckDB's call in turns: what has failed for one is over for the other, which would wait for ever.
      if (context().failure !== undefined) throw context().failure;
      try {
        const stream = asStream(info.getInitData());
        while (!stream.ended && stream.row >= stream.rowCount) nextBatch(stream, { inbox, context: context(), send });
        const count = stream.ended ? 0 : Math.min(VECTOR_SIZE, stream.rowCount - stream.row);
        output.rowCount = count;
        if (count > 0) fillChunk(stream, output.chunk, count);
      } catch (error) {
        context().failure ??= error;
        throw error;
      }
    },
  });
}

function findTable(context: ScanContext, id: unknown): ScanTable {
  const table = typeof id === 'number' ? context.tables.get(id) : undefined;
  if (!table) throw new ErganeError('INTERNAL', `the query has no scan ${String(id)}`);
  return table;
}

const KNOWN_STREAMS = new WeakSet<object>();

function asStream(data: object | undefined): ScanStream {
  if (!data || !isStream(data)) throw new ErganeError('INTERNAL', 'a scan without its state');
  return data;
}

function isStream(data: object): data is ScanStream {
  return KNOWN_STREAMS.has(data);
}

function openStream(context: ScanContext, bindData: object | undefined, columns: readonly number[]): ScanStream {
  const id = bindData && 'id' in bindData ? bindData.id : undefined;
  const table = findTable(context, id);
  const stream: ScanStream = {
    stream: context.streams.length,
    table,
    columns,
    types: columns.map((column) => table.columns[column]?.type),
    collectors: context.keyColumns
      .filter((key) => key.scan === table.id && columns.includes(key.column))
      .map((key) => ({
        column: key.column,
        keys: new KeyCollector(table.columns[key.column]?.type ?? { kind: 'unknown' }),
      })),
    buffers: [],
    batch: [],
    rowCount: 0,
    row: 0,
    ended: false,
  };
  KNOWN_STREAMS.add(stream);
  context.streams.push(stream);
  // A scan that is read twice (a recursive query) tells nothing about all of its rows.
  if (context.opened.has(table.id)) context.finished.delete(table.id);
  context.opened.add(table.id);
  return stream;
}

function collectedKeys(context: ScanContext): CollectedKeys[] {
  return [...context.finished.values()].flatMap((stream) =>
    stream.collectors.flatMap(({ column, keys: collector }) => {
      const keys = collector.result();
      return keys ? [{ scan: stream.table.id, column, keys }] : [];
    }),
  );
}

function nextBatch(
  stream: ScanStream,
  { inbox, context, send }: { inbox: BatchInbox; context: ScanContext; send: (message: FromWorker) => void },
): void {
  if (stream.buffers.length > 0) send({ kind: 'recycled', buffers: stream.buffers });
  stream.buffers = [];
  const message = inbox.take(stream.stream);
  if (message.kind === 'failed') throw new Error(message.message);
  if (message.kind === 'end') {
    stream.ended = true;
    stream.batch = [];
    const times = context.streams.filter((other) => other.table.id === stream.table.id).length;
    if (times === 1) context.finished.set(stream.table.id, stream);
    return;
  }
  send({ kind: 'consumed', stream: stream.stream });
  stream.buffers = message.batch.buffers;
  const columns = readFlatBatch(message.batch);
  stream.batch = stream.columns.map((column) => columns[message.columns.indexOf(column)]);
  stream.rowCount = message.batch.rowCount;
  stream.row = 0;
  for (const { column, keys } of stream.collectors) {
    const data = columns[message.columns.indexOf(column)];
    if (data) keys.add(data, stream.rowCount);
  }
}

function fillChunk(stream: ScanStream, chunk: Parameters<typeof duckdb.data_chunk_get_vector>[0], count: number): void {
  const from = stream.row;
  stream.row += count;
  for (let index = 0; index < stream.types.length; index++) {
    const type = stream.types[index];
    const column = stream.batch[index];
    if (!type) continue;
    try {
      if (!column) throw new ErganeError('INTERNAL', 'the block lacks the column');
      fillVector(duckdb.data_chunk_get_vector(chunk, index), type, { column, from, count, at: 0 });
    } catch (error) {
      throw named(error, stream, index);
    }
  }
}

function named(error: unknown, { table, columns }: ScanStream, index: number): unknown {
  if (!(error instanceof ErganeError)) return error;
  const column = table.columns[columns[index] ?? -1]?.name ?? '';
  return new ErganeError(error.code, `table ${table.name}, column ${column}: ${error.message}`, { cause: error });
}
