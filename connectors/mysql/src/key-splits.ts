import type { Client } from './client.ts';
import { numberOf } from './table-facts.ts';
import type { TableFacts } from './table-facts.ts';
import { explainRow } from './explain-row.ts';
import { keyKind, keyParameter, keyRangeCondition, printKeyValue } from './key-range.ts';
import type { KeyRange } from './key-range.ts';
import { guessMidpoints } from './midpoint.ts';
import { joinSql, quoteName, quoteTable, sql } from './sql-text.ts';
import type { Sql } from './sql-text.ts';
import { typeColumn } from './types.ts';
import type { TypedColumn } from './types.ts';

export interface KeyDivision {
  readonly facts: TableFacts;
  readonly partitions: readonly string[];
  /** rows of a range, about */
  readonly targetRows: number;
  /** rows of all, about */
  readonly totalRows: number;
  /** conditions on columns of the key alone: no range is made where they do not hold */
  readonly conditions: readonly Sql[];
}

/** Rows from one key to another, both of which exist. */
interface Stretch {
  readonly range: KeyRange;
  readonly first: readonly string[];
  readonly last: readonly string[];
  readonly rows: number;
}

const DEEPEST = 48;

/** The columns of the table's key; undefined: it has none that ranges can be made of. */
export function usableKey({ key, columns, engine }: TableFacts): readonly TypedColumn[] | undefined {
  // in other engines an index does not hold the rows: reading by it is slower than reading all
  if (key === undefined || !/^(innodb|rocksdb|xtradb)$/i.test(engine)) return undefined;
  const found = key.columns.map((name) => columns.find((column) => column.name === name));
  const known = found.filter((column) => column !== undefined);
  if (known.length < found.length || known.length === 0 || known.some((column) => keyKind(column) === undefined))
    return undefined;
  return known.map(typeColumn);
}

/**
 * Divides a table into ranges of its key of about `targetRows` rows each: halves it again and again where the index says (EXPLAIN reads
 * two of its pages) that there are too many rows. In key order; the ranges are all rows, none twice, in the server's own order of values.
 */
export async function* divideByKey(client: Client, division: KeyDivision): AsyncGenerator<KeyRange> {
  const key = usableKey(division.facts);
  const ends = key && (await findEnds(client, key, division, division.conditions));
  if (key === undefined || ends === undefined) {
    yield {};
    return;
  }
  yield* divide(client, { key, division, depth: 0 }, { range: {}, ...ends, rows: division.totalRows });
}

interface Place {
  readonly key: readonly TypedColumn[];
  readonly division: KeyDivision;
  readonly depth: number;
}

async function* divide(client: Client, place: Place, stretch: Stretch): AsyncGenerator<KeyRange> {
  const isSmall = stretch.rows <= place.division.targetRows * 1.5 || place.depth > DEEPEST;
  const halves = isSmall ? undefined : await halve(client, place, stretch);
  if (halves === undefined) {
    yield stretch.range;
    return;
  }
  for (const half of halves) yield* divide(client, { ...place, depth: place.depth + 1 }, half);
}

/** Two stretches of which neither is empty; undefined: it cannot be divided. */
async function halve(
  client: Client,
  { key, division }: Place,
  stretch: Stretch,
): Promise<readonly Stretch[] | undefined> {
  const { first, last, range } = stretch;
  const level = first.findIndex((value, index) => value !== last[index]);
  const column = key[level];
  const [low, high] = [first[level], last[level]];
  if (column === undefined || low === undefined || high === undefined) return undefined;
  for (const guess of guessMidpoints(column.source, low, high)) {
    const name = quoteName(column.source.name);
    const within = [
      ...key.slice(0, level).map((same, index) => equal(same, first[index] ?? '')),
      sql(`${name} > ?`, keyParameter(column.source, low)),
      sql(`${name} >= ?`, keyParameter(column.source, guess)),
      sql(`${name} <= ?`, keyParameter(column.source, high)),
    ];
    const start = await findKey(client, key, { division, conditions: within, direction: 'ASC' });
    if (start === undefined) continue;
    const at = start.slice(0, level + 1);
    const left: KeyRange = { ...range, high: { values: at, isIncluded: false } };
    const right: KeyRange = { ...range, low: { values: at, isIncluded: true } };
    const leftCondition = keyRangeCondition(key, left) ?? sql('TRUE');
    const conditions = [...division.conditions, leftCondition];
    const leftLast = await findKey(client, key, { division, conditions, direction: 'DESC' });
    if (leftLast === undefined) continue;
    return [
      { range: left, first, last: leftLast, rows: await countRows(client, { key, division, range: left }) },
      { range: right, first: start, last, rows: await countRows(client, { key, division, range: right }) },
    ];
  }
  return undefined;
}

function equal({ source }: TypedColumn, value: string): Sql {
  return sql(`${quoteName(source.name)} = ?`, keyParameter(source, value));
}

async function findEnds(
  client: Client,
  key: readonly TypedColumn[],
  division: KeyDivision,
  conditions: readonly Sql[],
): Promise<Pick<Stretch, 'first' | 'last'> | undefined> {
  const first = await findKey(client, key, { division, conditions, direction: 'ASC' });
  const last = await findKey(client, key, { division, conditions, direction: 'DESC' });
  return first === undefined || last === undefined ? undefined : { first, last };
}

interface KeyProbe {
  readonly division: KeyDivision;
  readonly conditions: readonly Sql[];
  readonly direction: 'ASC' | 'DESC';
}

/** The first or last key that meets the conditions. */
async function findKey(
  client: Client,
  key: readonly TypedColumn[],
  { division, conditions, direction }: KeyProbe,
): Promise<readonly string[] | undefined> {
  const names = key.map(({ source }) => quoteName(source.name));
  const order = names.map((name) => `${name} ${direction}`).join(', ');
  const where = conditions.length === 0 ? sql('TRUE') : joinSql(conditions.map(bracketed), ' AND ');
  const text = `SELECT ${names.join(', ')} FROM ${fromKey(division)} WHERE ${where.text} ORDER BY ${order} LIMIT 1`;
  const [row] = await client.query(text, where.parameters, whereOf(division));
  return row?.map(printKeyValue);
}

/** The server's estimate of a range. */
async function countRows(
  client: Client,
  {
    key,
    division,
    range,
  }: { readonly key: readonly TypedColumn[]; readonly division: KeyDivision; readonly range: KeyRange },
): Promise<number> {
  const where = keyRangeCondition(key, range) ?? sql('TRUE');
  const query = sql(`SELECT 1 FROM ${fromKey(division)} WHERE ${where.text}`, ...where.parameters);
  const row = await explainRow(client, query, whereOf(division));
  return numberOf(row?.['rows']);
}

function fromKey({ facts, partitions }: KeyDivision): string {
  const partition = partitions.length === 0 ? '' : ` PARTITION (${partitions.map(quoteName).join(', ')})`;
  return `${quoteTable(facts.tableName)}${partition} FORCE INDEX (${quoteName(facts.key?.indexName ?? '')})`;
}

function whereOf({ facts: { tableName } }: KeyDivision): { schema: string; table: string } {
  return { schema: tableName.schemaName, table: tableName.tableName };
}

function bracketed({ text, parameters }: Sql): Sql {
  return sql(`(${text})`, ...parameters);
}
