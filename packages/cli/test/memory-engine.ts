import type { Engine, QueryProgress, QueryResult, ResultColumn, ResultValue, TrinoType } from '@ergane/engine';
import { ERROR_CODES, ErganeError, type ErrorCode } from '@ergane/protocol';
import { Session, type Place } from '../src/session.ts';
import type { Wiring } from '../src/wiring/wire.ts';

/** An engine of rows in memory, for tests of what is around it. It knows a few statements only. */
export interface MemoryEngine extends Engine {
  /** every statement that was run, with its place */
  readonly statements: readonly string[];
  /** resolves when as many statements were run */
  untilRun(count: number): Promise<void>;
}

const TABLES: Readonly<
  Record<string, { readonly columns: readonly ResultColumn[]; readonly rows: readonly ResultValue[][] }>
> = {
  'shop.public.orders': {
    columns: [column('order_id', { kind: 'bigint' }), column('Customer Name', { kind: 'varchar' })],
    rows: [
      [1n, 'Ann'],
      [2n, null],
    ],
  },
  'shop.public.parts': { columns: [column('part_id', { kind: 'integer' })], rows: [] },
  'shop.sales.returns': { columns: [column('id', { kind: 'integer' })], rows: [] },
};

function column(name: string, type: TrinoType): ResultColumn {
  return { name, type };
}

/**
 * `SELECT 1`, `SELECT * FROM a.b.c`, `EXPLAIN …`, `CREATE …` (no result), `FAIL CODE`, `WAIT` (until it is cancelled), `SHOW …`.
 */
export function makeMemoryEngine(): MemoryEngine {
  const statements: string[] = [];
  const watchers: { readonly count: number; readonly resolve: () => void }[] = [];
  const inCatalog = (prefix: string) => Object.keys(TABLES).filter((name) => name.startsWith(prefix));
  return {
    statements,
    untilRun: (count) =>
      new Promise((resolve) => {
        if (statements.length >= count) resolve();
        else watchers.push({ count, resolve });
      }),
    run: async (sql, options = {}) => {
      const { catalog, schema, signal } = options;
      statements.push([sql, ...(schema === undefined ? [] : [`@${catalog ?? ''}.${schema}`])].join(' '));
      for (const watcher of watchers) if (statements.length >= watcher.count) watcher.resolve();
      if (/^wait$/i.test(sql)) {
        const never = new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => reject(new ErganeError('QUERY_CANCELLED', 'cancelled')), {
            once: true,
          });
        });
        await never;
      }
      const code = /^fail (\w+)$/i.exec(sql)?.[1] ?? '';
      if (isCode(code)) throw new ErganeError(code, 'it failed as it was told to', { where: { line: 1, col: 6 } });
      options.onProgress?.(PROGRESS);
      return answer(sql);
    },
    listCatalogs: () => ['awsdatacatalog', 'shop'],
    listSchemas: async (catalog) => [...new Set(inCatalog(`${catalog}.`).map((name) => name.split('.')[1] ?? ''))],
    listTables: async (catalog, schema) => inCatalog(`${catalog}.${schema}.`).map((name) => name.split('.')[2] ?? ''),
    inferTable: () => Promise.resolve(undefined),
    describeTable: async (catalog, schema, table) => {
      const found = TABLES[`${catalog}.${schema}.${table}`];
      if (found === undefined) throw new ErganeError('TABLE_NOT_FOUND', `there is no table "${table}"`);
      return found.columns.map((one) => ({ ...one, partition: false }));
    },
    refresh: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const PROGRESS: QueryProgress = {
  scans: [
    {
      catalog: 'shop',
      table: 'public.orders',
      splits: 12,
      splitsDone: 3,
      rows: 1_234_567,
      bytes: 45_000_000,
      running: 4,
    },
  ],
};

function answer(sql: string): QueryResult {
  if (/^create /i.test(sql)) return makeResult([], []);
  if (/^explain /i.test(sql))
    return makeResult([column('Query Plan', { kind: 'varchar' })], [['scan shop.public.orders'], ['  splits: 1']]);
  const table = TABLES[/^select \* from ([\w.]+)/i.exec(sql)?.[1] ?? ''];
  if (table !== undefined) return makeResult(table.columns, table.rows);
  return makeResult([column('_col0', { kind: 'integer' })], [[1]]);
}

function makeResult(columns: readonly ResultColumn[], rows: readonly ResultValue[][]): QueryResult {
  async function* batches() {
    if (rows.length > 0) yield rows;
  }
  return { columns, batches: batches(), [Symbol.asyncDispose]: () => Promise.resolve() };
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}

/** A session over an engine in memory: no configuration, no functions. */
export function makeMemorySession(engine: Engine, place: Partial<Place> = {}): Session {
  const nowhere = { url: '/nowhere', bucket: 'b', prefix: '' };
  const wiring: Wiring = {
    loaded: { config: {}, file: undefined, folder: '/' },
    engine: () => Promise.resolve(engine),
    invoker: {
      host: undefined,
      invoke: () => Promise.reject(new Error('no functions here')),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    spill: nowhere,
    results: nowhere,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return new Session(wiring, { catalog: place.catalog, schema: place.schema });
}
