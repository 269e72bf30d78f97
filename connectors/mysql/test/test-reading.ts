import { NO_CONSTRAINTS, readValue } from '@ergane/protocol';
import type { Constraints, Value } from '@ergane/protocol';
import { makeSettings } from '@ergane/sdk';
import type { CallContext, ConnectorDefinition, Partition, Properties } from '@ergane/sdk';
import { Schema } from 'apache-arrow';
import type { RecordBatch } from 'apache-arrow';
import { closePool, makeConnectionPool } from '../src/connection-pool.ts';
import { makeMysqlDefinition } from '../src/make-connector.ts';
import type { TestDatabase } from './test-servers.ts';

/** A connector with connections of its own, outside of any host. */
export interface TestConnector extends Disposable {
  readonly definition: ConnectorDefinition;
  readonly context: CallContext;
}

export interface TestSettings {
  /** parameters of the connection string, such as `sslMode=REQUIRED` */
  readonly parameters?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly url?: string;
}

export function makeContext(
  url: string,
  { environment = {}, signal = new AbortController().signal }: TestSettings,
): CallContext {
  return {
    catalogName: 'shop',
    queryId: 'query-1',
    identity: { account: '', arn: '', tags: {}, groups: [], configOptions: {} },
    settings: makeSettings({ default: url, ...environment }, () => Promise.resolve(undefined)),
    signal,
    remainingTimeMs: () => 900_000,
    throttled: (call) => call(),
    log: () => undefined,
  };
}

export function openConnector({ url }: Pick<TestDatabase, 'url'>, settings: TestSettings = {}): TestConnector {
  const pool = makeConnectionPool(() => Promise.reject(new Error('no token')));
  const text = settings.url ?? `${url.toString()}?${settings.parameters ?? ''}`;
  return {
    definition: makeMysqlDefinition(pool),
    context: makeContext(text, settings),
    [Symbol.dispose]: () => closePool(pool),
  };
}

export interface TableRead {
  readonly table: string;
  readonly columns?: readonly string[];
  readonly constraints?: Partial<Constraints>;
}

export interface TableRows {
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: (readonly (Value | null)[])[];
  readonly splits: readonly Properties[];
}

/** Reads a table as an engine does: describe, layout, splits, and every split. */
export async function readTable(
  { definition, context }: TestConnector,
  database: Pick<TestDatabase, 'name'>,
  { table, columns, constraints = {} }: TableRead,
): Promise<TableRows> {
  const described = await definition.describeTable(context, { schemaName: database.name, tableName: table });
  if (described === undefined) throw new Error(`no table ${table}`);
  const { tableName } = described;
  const fields = (columns ?? described.schema.names.map(String)).map((name) => {
    const field = described.schema.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new Error(`no column ${name}`);
    return field;
  });
  const schema = new Schema(fields);
  const request = {
    tableName,
    schema: described.schema,
    partitionColumns: [],
    constraints: { ...NO_CONSTRAINTS, ...constraints },
  };
  const partitions: Partition[] = [];
  for await (const partition of definition.layout?.(context, request) ?? [{}]) partitions.push(partition);
  const splits: Properties[] = [];
  for await (const split of definition.splits?.(context, { ...request, partitions }) ?? [{}]) splits.push(split);
  const rows: (readonly (Value | null)[])[] = [];
  for (const split of splits)
    for await (const { batch } of definition.read(context, { ...request, schema, split })) rows.push(...rowsOf(batch));
  return { columns: schema.names.map(String), types: fields.map(({ type }) => String(type)), rows, splits };
}

export function rowsOf(batch: RecordBatch): readonly (readonly (Value | null)[])[] {
  const vectors = batch.schema.fields.map((_, index) => batch.getChildAt(index));
  return Array.from({ length: batch.numRows }, (_, row) =>
    vectors.map((vector) => (vector === null ? null : readValue(vector, row))),
  );
}
