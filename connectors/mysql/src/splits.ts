import { singleValues } from '@ergane/protocol';
import type { TableName } from '@ergane/protocol';
import type { LayoutRequest, Partition, Properties, SplitsRequest } from '@ergane/sdk';
import type { Client } from './client.ts';
import { explainRow } from './explain-row.ts';
import type { DivisionCache } from './division-cache.ts';
import { usableKey } from './key-splits.ts';
import type { KeyDivision } from './key-splits.ts';
import { printSplit, WHOLE_TABLE } from './split.ts';
import { joinSql, quoteName, quoteTable, sql } from './sql-text.ts';
import type { Sql } from './sql-text.ts';
import { numberOf, textOf } from './table-facts.ts';
import type { TableFacts, TablePartition } from './table-facts.ts';
import { columnsByName } from './column-names.ts';
import { summaryConditions } from './to-query.ts';
import type { TypedColumn } from './types.ts';

/** Decoding and sending a row costs as much as so many bytes, however narrow it is. */
const LEAST_ROW_BYTES = 64;
/** A limit that one function reads faster than several can be started. */
const SMALL_LIMIT = 10_000;
const MOST_PARTITIONS = 500;
/** Access types of EXPLAIN that find one row at most. */
const ONE_ROW = new Set(['const', 'eq_ref', 'system']);

/** The native partitions that the constraints leave, by the server's own pruning; a table without partitions is one. */
export async function findPartitions(
  client: Client,
  facts: TableFacts,
  request: LayoutRequest,
): Promise<readonly Partition[]> {
  if (facts.partitions.length === 0) return [{}];
  const conditions = conditionsOf(client, facts, request);
  const kept = conditions.length === 0 ? undefined : await findKept(client, facts, conditions);
  const partitions = facts.partitions.filter(({ explainName }) => kept === undefined || kept.has(explainName));
  return partitions.map(({ name }) => ({ properties: { partition: name } }));
}

async function findKept(
  client: Client,
  facts: TableFacts,
  conditions: readonly Sql[],
): Promise<ReadonlySet<string> | undefined> {
  const row = await explainRow(client, selectOne(facts, [], conditions), whereOf(facts.tableName));
  const listed = textOf(row?.['partitions']);
  // where no partition is left the server says so in other words: reading finds nothing either
  if (listed === '') return undefined;
  const names = listed.split(',');
  const known = new Set(facts.partitions.map(({ explainName }) => explainName));
  return names.every((name) => known.has(name)) ? new Set(names) : undefined;
}

/** How the partitions divide into splits: small ones together, large ones by ranges of the key. */
export async function* makeSplits(
  client: Client,
  { facts, divisions }: { readonly facts: TableFacts; readonly divisions: DivisionCache },
  request: SplitsRequest,
): AsyncGenerator<Properties> {
  const conditions = conditionsOf(client, facts, request);
  const { limit, expression, orderByClause } = request.constraints;
  const isFew =
    limit >= 0 && limit <= SMALL_LIMIT && conditions.length + expression.length + orderByClause.length === 0;
  const order = usableKey(facts) === undefined ? 'any' : 'key';
  for (const unit of groupPartitions(client, facts, request.partitions)) {
    const work = isFew ? undefined : await findDivision(client, { facts, unit, conditions, request });
    if (work === undefined) {
      yield printSplit({ ...WHOLE_TABLE, partitions: unit.partitions, order });
      continue;
    }
    for await (const range of divisions.divide(client, work))
      yield printSplit({ partitions: unit.partitions, range, order: 'index' });
  }
}

/** Partitions that are read together. */
interface Unit {
  readonly partitions: readonly string[];
  readonly rowCount: number;
  readonly totalBytes: number;
}

function* groupPartitions({ config }: Client, facts: TableFacts, wanted: readonly Partition[]): Generator<Unit> {
  if (facts.partitions.length === 0) {
    yield { partitions: [], rowCount: facts.rowCount, totalBytes: facts.totalBytes };
    return;
  }
  const names = new Set(wanted.map(({ properties }) => properties?.['partition']));
  let group: TablePartition[] = [];
  let bytes = 0;
  for (const partition of facts.partitions) {
    if (!names.has(partition.name)) continue;
    const size = workOf(partition);
    if (group.length > 0 && (bytes + size > config.splitBytes || group.length >= MOST_PARTITIONS)) {
      yield makeUnit(group);
      group = [];
      bytes = 0;
    }
    group.push(partition);
    bytes += size;
  }
  if (group.length > 0) yield makeUnit(group);
}

function makeUnit(group: readonly TablePartition[]): Unit {
  return {
    partitions: group.map(({ name }) => name),
    rowCount: group.reduce((sum, { rowCount }) => sum + rowCount, 0),
    totalBytes: group.reduce((sum, { totalBytes }) => sum + totalBytes, 0),
  };
}

function workOf({ rowCount, totalBytes }: Omit<Unit, 'partitions'>): number {
  return Math.max(totalBytes, rowCount * LEAST_ROW_BYTES);
}

interface UnitPlace {
  readonly facts: TableFacts;
  readonly unit: Unit;
  readonly conditions: readonly Sql[];
  readonly request: SplitsRequest;
}

/** Undefined: one split is enough, or all that can be had. */
async function findDivision(
  client: Client,
  { facts, unit, conditions, request }: UnitPlace,
): Promise<KeyDivision | undefined> {
  const { splitBytes } = client.config;
  const work = workOf(unit);
  const key = usableKey(facts);
  if (key === undefined || work <= splitBytes * 1.5 || isLookUp(key, request)) return undefined;
  const rowBytes = Math.max(LEAST_ROW_BYTES, work / Math.max(1, unit.rowCount));
  let rows = unit.rowCount;
  if (conditions.length > 0) {
    const row = await explainRow(client, selectOne(facts, unit.partitions, conditions), whereOf(facts.tableName));
    if (row === undefined || ONE_ROW.has(textOf(row['type']))) return undefined;
    rows = row['rows'] === null ? rows : Math.min(rows, numberOf(row['rows']));
    if (rows * rowBytes <= splitBytes * 1.5) return undefined;
  }
  const keyNames = new Set(key.map(({ source }) => source.name));
  const onKey = Object.fromEntries(Object.entries(request.constraints.summary).filter(([name]) => keyNames.has(name)));
  return {
    facts,
    partitions: unit.partitions,
    targetRows: splitBytes / rowBytes,
    totalRows: rows,
    conditions: conditionsOf(client, facts, { constraints: { ...request.constraints, summary: onKey } }),
  };
}

/** Every column of the key has a few values: the server need not be asked how it would find them. */
function isLookUp(key: readonly TypedColumn[], { constraints }: SplitsRequest): boolean {
  let rows = 1;
  for (const { source } of key) {
    const set = constraints.summary[source.name];
    const values = set === undefined || set.nullAllowed ? undefined : singleValues(set);
    if (values === undefined) return false;
    rows *= values.length;
  }
  return rows <= SMALL_LIMIT;
}

function conditionsOf(
  { config }: Client,
  facts: TableFacts,
  { constraints }: Pick<LayoutRequest, 'constraints'>,
): readonly Sql[] {
  return summaryConditions({ constraints, zeroDates: config.zeroDates }, columnsByName(facts)).conditions;
}

function selectOne({ tableName }: TableFacts, partitions: readonly string[], conditions: readonly Sql[]): Sql {
  const partition = partitions.length === 0 ? '' : ` PARTITION (${partitions.map(quoteName).join(', ')})`;
  const where = joinSql(
    conditions.map(({ text, parameters }) => sql(`(${text})`, ...parameters)),
    ' AND ',
  );
  const filter = conditions.length === 0 ? '' : ` WHERE ${where.text}`;
  return sql(`SELECT 1 FROM ${quoteTable(tableName)}${partition}${filter}`, ...where.parameters);
}

function whereOf({ schemaName, tableName }: TableName): { schema: string; table: string } {
  return { schema: schemaName, table: tableName };
}
