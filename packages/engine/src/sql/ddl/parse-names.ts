import type { DdlTableName, PartitionSpec } from './ddl-statement.ts';
import type { DdlReader } from './ddl-reader.ts';

export function parseTableName(reader: DdlReader): DdlTableName {
  const first = reader.name();
  if (!reader.skip('.')) {
    const [database, table, ...more] = first.split('.');
    // Athena takes `db.table` in one pair of backticks for two names
    return database !== undefined && table !== undefined && more.length === 0 ? { database, table } : { table: first };
  }
  const second = reader.name();
  if (!reader.skip('.')) return { database: first, table: second };
  if (first !== 'awsdatacatalog') throw reader.failure('a table of awsdatacatalog: DDL is for tables on S3');
  return { database: second, table: reader.name() };
}

/** `(column = 'value', …)` */
export function parsePartitionSpec(reader: DdlReader): PartitionSpec {
  reader.expect('(');
  const spec: { readonly column: string; readonly value: string }[] = [];
  do {
    const column = reader.name();
    reader.expect('=');
    spec.push({ column, value: reader.partitionValue() });
  } while (reader.skip(','));
  reader.expect(')');
  return spec;
}
