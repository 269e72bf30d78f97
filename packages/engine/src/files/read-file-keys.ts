import { ErganeError } from '@ergane/protocol';
import type { Value } from '@ergane/protocol';
import { keySet, MAX_KEY_ROWS, mostKeys } from '../duckdb/key-collector.ts';
import type { Execution } from '../duckdb/execute-query.ts';
import type { CollectedKeys, KeySet } from '../duckdb/worker-messages.ts';
import { narrowByKeys } from '../plan/narrow-by-keys.ts';
import type { TableScan } from '../plan/table-scan.ts';
import type { ResultColumn, ResultValue } from '../result/query-result.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import type { FileScan } from './open-file-scan.ts';
import { quoteName } from './quote.ts';
import { valueSetSql } from './value-set-sql.ts';

/**
 * What is read ahead for keys at most: of text every byte, of Parquet the columns that are needed. A larger table is no side whose keys
 * would leave much out, and it is read once only.
 */
const MOST_PARQUET_BYTES = 256 * 2 ** 20;
const MOST_TEXT_BYTES = 32 * 2 ** 20;

type Query = Pick<Execution, 'context' | 'worker' | 'planned' | 'references' | 'files'>;

/**
 * The keys of tables on S3 that narrow other scans. DuckDB reads these tables itself and tells nobody when it is through, so their key
 * columns are read ahead, the smallest table first. Keys leave partitions of other tables on S3 out at once.
 */
export async function readFileKeys(query: Query): Promise<readonly CollectedKeys[]> {
  const { planned, files } = query;
  const wanted = wantedKeys(query);
  const keys: CollectedKeys[] = [];
  const bySize = planned.scans
    .flatMap((scan) => {
      const file = files.scans.get(scan.id);
      return file ? [{ scan, bytes: file.listing.bytes }] : [];
    })
    .sort((a, b) => a.bytes - b.bytes);
  for (const { scan } of bySize) {
    narrow(query, scan, keys);
    const file = files.scans.get(scan.id);
    if (file === undefined || isLarge(file)) continue;
    for (const column of wanted.get(scan.id) ?? []) {
      const found = await readKeys(query, file, column);
      if (found) keys.push({ scan: scan.id, column, keys: found });
    }
  }
  for (const { scan } of bySize) narrow(query, scan, keys);
  return keys;
}

function isLarge({ listing, fileTable }: FileScan): boolean {
  const isParquet = fileTable.table.storage.format === 'parquet';
  return listing.bytes > (isParquet ? MOST_PARQUET_BYTES : MOST_TEXT_BYTES);
}

/** Columns of tables on S3, by scan, whose keys a function or the partitions of another table can use. */
function wantedKeys({ planned, files }: Query): ReadonlyMap<number, ReadonlySet<number>> {
  const wanted = new Map<number, Set<number>>();
  for (const scan of planned.scans)
    for (const { column, from } of scan.dynamicFilters) {
      if (files.scans.has(scan.id) && !scan.partitionColumns.includes(column)) continue;
      for (const source of from)
        if (source.kind === 'column' && files.scans.has(source.scan))
          wanted.set(source.scan, (wanted.get(source.scan) ?? new Set()).add(source.column));
    }
  return wanted;
}

function narrow({ files, references }: Query, scan: TableScan, keys: readonly CollectedKeys[]): void {
  if (scan.dynamicFilters.length === 0 || keys.length === 0) return;
  const typeOf = (id: number, column: number): TrinoType | undefined =>
    references.find((reference) => reference.id === id)?.table.columns[column]?.type;
  const { constraints, notes } = narrowByKeys(scan, { keys, typeOf });
  if (notes.length > 0) files.narrow(scan.id, constraints.summary);
}

const COLUMNS: readonly ResultColumn[] = [
  { name: 'rows', type: { kind: 'bigint' } },
  { name: 'low', type: { kind: 'varchar' } },
  { name: 'high', type: { kind: 'varchar' } },
  { name: 'value', type: { kind: 'varchar' } },
];

/** undefined: there are too many rows, or they could not be read: then the query itself says so, if it comes to them. */
async function readKeys(
  { context, worker }: Query,
  { fileTable, relation, summary }: FileScan,
  column: number,
): Promise<KeySet | undefined> {
  const key = fileTable.columns[column];
  if (key === undefined) return undefined;
  const conditions = fileTable.columns.flatMap((each) => {
    const set = Object.hasOwn(summary, each.name) ? summary[each.name] : undefined;
    return (set && valueSetSql(each, set)) ?? [];
  });
  const rows: (readonly ResultValue[])[] = [];
  try {
    const sql = keyQuery(relation, { name: key.name, type: key.type, conditions });
    const listener = { onOpen: () => undefined, onConsumed: () => undefined };
    for await (const batch of worker.run({ sql, columns: COLUMNS, keyColumns: [] }, listener)) rows.push(...batch);
  } catch (error) {
    if (context.signal.aborted || !(error instanceof ErganeError)) throw error;
    return undefined;
  }
  return keySetOf(key.type, rows);
}

function keyQuery(
  relation: string,
  {
    name,
    type,
    conditions,
  }: { readonly name: string; readonly type: TrinoType; readonly conditions: readonly string[] },
): string {
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const finite = type.kind === 'date' || type.kind === 'timestamp' ? ' AND isfinite(k)' : '';
  return `WITH b AS MATERIALIZED (SELECT ${quoteName(name)} AS k FROM ${relation}${where} LIMIT ${MAX_KEY_ROWS + 1}),
 v AS MATERIALIZED (SELECT DISTINCT k FROM b WHERE k IS NOT NULL${finite} LIMIT ${mostKeys(type) + 1})
 SELECT r, ${printKey(type, 'low')}, ${printKey(type, 'high')}, ${printKey(type, 'v.k')}
 FROM (SELECT count(*) AS r FROM b) CROSS JOIN (SELECT min(k) AS low, max(k) AS high FROM b WHERE k IS NOT NULL${finite}) LEFT JOIN v ON true`;
}

/** Whole numbers as text: of decimals unscaled, of dates days, of timestamps microseconds. */
function printKey(type: TrinoType, sql: string): string {
  if (type.kind === 'date') return `CAST(${sql} - DATE '1970-01-01' AS VARCHAR)`;
  if (type.kind === 'timestamp') return `CAST(epoch_us(${sql}) AS VARCHAR)`;
  return type.kind === 'decimal' ? `replace(CAST(${sql} AS VARCHAR), '.', '')` : `CAST(${sql} AS VARCHAR)`;
}

function keySetOf(type: TrinoType, rows: readonly (readonly ResultValue[])[]): KeySet | undefined {
  const [count, low, high] = rows[0] ?? [];
  if (typeof count !== 'bigint' || count > MAX_KEY_ROWS) return undefined;
  if (typeof low !== 'string' || typeof high !== 'string') return { kind: 'values', values: [] };
  if (rows.length > mostKeys(type))
    return { kind: 'range', low: readBound(type, low, 0n), high: readBound(type, high, 999n) };
  return keySet(rows.flatMap(([, , , value]) => readKey(type, String(value)) ?? []));
}

/** undefined: a time finer than the wire's equals none there. */
function readKey(type: TrinoType, text: string): Value | undefined {
  if (type.kind === 'varchar') return text;
  const whole = BigInt(text);
  if (type.kind === 'timestamp') return whole % 1000n === 0n ? whole / 1000n : undefined;
  return type.kind === 'bigint' || type.kind === 'decimal' ? whole : Number(whole);
}

/** A bound of times as milliseconds, downwards with `more` 0, upwards with 999. */
function readBound(type: TrinoType, text: string, more: bigint): Value {
  if (type.kind === 'timestamp') return floorMillis(BigInt(text) + more);
  return readKey(type, text) ?? text;
}

function floorMillis(micros: bigint): bigint {
  const rest = ((micros % 1000n) + 1000n) % 1000n;
  return (micros - rest) / 1000n;
}
