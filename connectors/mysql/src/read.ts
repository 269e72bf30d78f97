import { ErganeError } from '@ergane/protocol';
import type { ErrorWhere } from '@ergane/protocol';
import type { CallContext, ReadBatch, ReadRequest } from '@ergane/sdk';
import type { Schema } from 'apache-arrow';
import type { Client } from './client.ts';
import type { Cell } from './decode/cell.ts';
import { RowDecoder } from './decode/row-decoder.ts';
import { printKeyValue } from './key-range.ts';
import { parseSplit, printSplit } from './split.ts';
import type { MysqlSplit } from './split.ts';
import type { Sql } from './sql-text.ts';
import type { FactsCache, TableFacts } from './table-facts.ts';
import { toQuery } from './to-query.ts';
import type { MysqlQuery } from './to-query.ts';
import { typeColumn } from './types.ts';
import type { WriterPool } from './writer-pool.ts';

/** The SELECT of a split of a table, as `read` runs it and `explain` shows it. */
export async function planRead(
  client: Client,
  facts: FactsCache,
  { tableName, schema, split, constraints }: ReadRequest,
): Promise<{ readonly query: MysqlQuery; readonly facts: TableFacts; readonly split: MysqlSplit }> {
  const found = await facts.find(client, tableName);
  if (found === undefined) throw tableGone(client, { schema: tableName.schemaName, table: tableName.tableName });
  const parsed = parseSplit(split);
  const { zeroDates } = client.config;
  const answer = toQuery({ facts: found, schema, constraints, split: parsed, zeroDates });
  if (zeroDates === 'error') assertChecked(found, answer.columns, { tableName, schema, split, constraints });
  return { query: answer.query, facts: found, split: parsed };
}

/** Filters are promised: one that is only roughly applied is checked on the rows, for which its column must be among those read. */
function assertChecked(
  { columns }: TableFacts,
  exact: readonly string[],
  { tableName, schema, constraints }: ReadRequest,
): void {
  const taken = new Set(exact);
  const read = new Set(schema.fields.map(({ name }) => name.toLowerCase()));
  for (const [column, set] of Object.entries(constraints.summary)) {
    if (taken.has(column) || read.has(column.toLowerCase()) || set.kind !== 'SortedRangeSet') continue;
    const where = { schema: tableName.schemaName, table: tableName.tableName, column };
    const label = `column "${column}" of ${tableName.schemaName}.${tableName.tableName}`;
    const found = columns.find(({ name }) => name.toLowerCase() === column.toLowerCase());
    if (found === undefined || typeColumn(found).type.typeId !== set.type.typeId) {
      const change = found === undefined ? 'no longer there' : `${found.columnType} now`;
      throw new ErganeError('SOURCE_CHANGED', `${label} is ${change}: run the query again`, { where });
    }
    throw new ErganeError(
      'NOT_SUPPORTED',
      `the filter on ${label} has ${set.ranges.length} values or ranges, more than the server takes: select the column too, or join with a table of the values`,
      { where },
    );
  }
}

function tableGone({ config }: Client, where: ErrorWhere): ErganeError {
  return new ErganeError(
    'SOURCE_CHANGED',
    `table ${where.schema ?? ''}.${where.table ?? ''} is no longer at ${config.host}:${config.port}: it was dropped or renamed after the query was planned`,
    { where },
  );
}

/** What a function instance keeps from read to read. */
export interface ReadStores {
  readonly facts: FactsCache;
  readonly writers: WriterPool;
}

/** Rows of a split, each batch with the place of the key after which a read can be continued. */
export async function* readTable(
  client: Client,
  { facts, writers }: ReadStores,
  { context, request }: { readonly context: CallContext; readonly request: ReadRequest },
): AsyncGenerator<ReadBatch> {
  const { schemaName: schema, tableName: table } = request.tableName;
  const where = { catalog: context.catalogName, schema, table };
  try {
    const { query, split } = await planRead(client, facts, request);
    for await (const item of readQuery(client, { query, schema: request.schema, where, writers })) {
      const values = query.keyColumns.length > 0 ? item.lastRow?.slice(-query.keyColumns.length) : undefined;
      yield { ...item.read, ...(values && { resume: printSplit(after(split, values)) }) };
    }
  } catch (error) {
    // what was known of the table may be the reason
    facts.forget(client, request.tableName);
    throw error;
  }
}

function after(split: MysqlSplit, key: readonly Cell[]): MysqlSplit {
  return { ...split, range: { ...split.range, low: { values: key.map(printKeyValue), isIncluded: false } } };
}

export interface QueryRead {
  readonly query: Sql;
  readonly schema: Schema;
  readonly where: ErrorWhere;
  readonly writers: WriterPool;
}

/** A batch, and all values of its last row. */
export interface DecodedBatch {
  readonly read: ReadBatch;
  readonly lastRow: readonly Cell[] | undefined;
}

/** Runs a query and decodes its rows, a batch at a time; the server waits while nobody takes the next one. */
export async function* readQuery(
  client: Client,
  { query, schema, where, writers }: QueryRead,
): AsyncGenerator<DecodedBatch> {
  const statement = await client.translate(() => client.prepare(query.text), where);
  const { session } = client;
  const columns = await client.translate(() => session.execute(statement, query.parameters), where);
  const writer = writers.take(schema);
  const decoder = new RowDecoder(columns ?? [], writer, { where, zeroDates: client.config.zeroDates });
  for (;;) {
    const more = await client.translate(() => session.readRows(decoder), where);
    if (decoder.rowCount > 0) {
      const lastRow = decoder.readLastRow();
      const batch = decoder.finish();
      yield { read: { batch, release: () => writer.recycle(batch) }, lastRow };
    }
    if (more) continue;
    session.closeStatement(statement);
    writers.giveBack(writer);
    return;
  }
}
