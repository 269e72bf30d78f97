import type { Buckets, ColumnDefinition } from '../../metastore/metastore.ts';
import type { DdlStatement } from './ddl-statement.ts';
import type { DdlReader } from './ddl-reader.ts';
import { parseStorage } from './parse-storage.ts';
import { parseTableName } from './parse-names.ts';

/** What follows CREATE EXTERNAL TABLE (https://docs.aws.amazon.com/athena/latest/ug/create-table.html). */
export function parseCreateTable(reader: DdlReader): DdlStatement {
  const ifNotExists = reader.skip('IF', 'NOT', 'EXISTS');
  const name = parseTableName(reader);
  const columns = parseColumns(reader);
  const comment = reader.skip('COMMENT') ? reader.string() : undefined;
  const partitionKeys = reader.skip('PARTITIONED', 'BY') ? parseColumns(reader) : [];
  const buckets = reader.skip('CLUSTERED', 'BY') ? parseBuckets(reader) : undefined;
  const storage = parseStorage(reader);
  if (!reader.skip('LOCATION')) throw reader.failure("LOCATION 's3://bucket/folder/'");
  const location = reader.string();
  const parameters = reader.skip('TBLPROPERTIES') ? reader.properties() : {};
  return {
    kind: 'create table',
    name,
    ifNotExists,
    columns,
    partitionKeys,
    ...(comment === undefined ? {} : { comment }),
    ...(buckets === undefined ? {} : { buckets }),
    storage,
    location,
    parameters,
  };
}

function parseBuckets(reader: DdlReader): Buckets {
  const columns = nameList(reader, () => reader.name());
  if (reader.skip('SORTED', 'BY'))
    nameList(reader, () => {
      reader.name();
      if (!reader.skip('ASC')) reader.skip('DESC');
    });
  reader.expect('INTO');
  const count = reader.number();
  reader.expect('BUCKETS');
  return { columns, count };
}

function nameList<Item>(reader: DdlReader, read: () => Item): readonly Item[] {
  reader.expect('(');
  const items = [read()];
  while (reader.skip(',')) items.push(read());
  reader.expect(')');
  return items;
}

/** `(name type [COMMENT 'text'], …)` */
export function parseColumns(reader: DdlReader): readonly ColumnDefinition[] {
  return nameList(reader, () => parseColumn(reader));
}

export function parseColumn(reader: DdlReader): ColumnDefinition {
  const name = reader.name();
  const type = reader.typeText();
  const comment = reader.skip('COMMENT') ? reader.string() : undefined;
  return { name, type, ...(comment === undefined ? {} : { comment }) };
}
