import type { ColumnDefinition } from '../../metastore/metastore.ts';
import type { DdlStatement, DdlTableName, PartitionSpec } from './ddl-statement.ts';
import { DdlReader } from './ddl-reader.ts';
import { parseStorage } from './parse-storage.ts';

/**
 * Parses Hive's DDL as Athena takes it
 * (https://docs.aws.amazon.com/athena/latest/ug/ddl-reference.html); undefined when the text begins like none of its statements.
 * @throws ErganeError SYNTAX_ERROR with line and column, NOT_SUPPORTED for what Ergane does not do
 */
export function parseDdl(sql: string): DdlStatement | undefined {
  const reader = new DdlReader(sql);
  const statement = parseStatement(reader);
  if (statement !== undefined) reader.expectEnd();
  return statement;
}

function parseStatement(reader: DdlReader): DdlStatement | undefined {
  if (reader.skip('CREATE', 'DATABASE') || reader.skip('CREATE', 'SCHEMA')) return parseCreateDatabase(reader);
  if (reader.skip('CREATE', 'EXTERNAL', 'TABLE')) return parseCreateTable(reader);
  if (reader.skip('DROP', 'DATABASE') || reader.skip('DROP', 'SCHEMA')) return parseDropDatabase(reader);
  if (reader.skip('DROP', 'TABLE'))
    return { kind: 'drop table', ifExists: reader.skip('IF', 'EXISTS'), name: parseTableName(reader) };
  if (reader.skip('ALTER', 'TABLE')) return parseAlterTable(reader);
  if (reader.skip('MSCK', 'REPAIR', 'TABLE')) return { kind: 'repair table', name: parseTableName(reader) };
  if (reader.skip('SHOW', 'PARTITIONS')) return { kind: 'show partitions', name: parseTableName(reader) };
  if (reader.skip('SHOW', 'CREATE', 'TABLE')) return { kind: 'show create table', name: parseTableName(reader) };
  if (reader.skip('SHOW', 'TBLPROPERTIES')) return parseShowProperties(reader);
  return undefined;
}

function parseCreateDatabase(reader: DdlReader): DdlStatement {
  const ifNotExists = reader.skip('IF', 'NOT', 'EXISTS');
  const name = reader.name();
  const comment = reader.skip('COMMENT') ? reader.string() : undefined;
  const location = reader.skip('LOCATION') ? reader.string() : undefined;
  const parameters = reader.skip('WITH', 'DBPROPERTIES') ? reader.properties() : {};
  return {
    kind: 'create database',
    name,
    ifNotExists,
    ...(comment === undefined ? {} : { comment }),
    ...(location === undefined ? {} : { location }),
    parameters,
  };
}

function parseDropDatabase(reader: DdlReader): DdlStatement {
  const ifExists = reader.skip('IF', 'EXISTS');
  const name = reader.name();
  const cascade = reader.skip('CASCADE');
  if (!cascade) reader.skip('RESTRICT');
  return { kind: 'drop database', name, ifExists, cascade };
}

function parseCreateTable(reader: DdlReader): DdlStatement {
  const ifNotExists = reader.skip('IF', 'NOT', 'EXISTS');
  const name = parseTableName(reader);
  const columns = parseColumns(reader);
  const comment = reader.skip('COMMENT') ? reader.string() : undefined;
  const partitionKeys = reader.skip('PARTITIONED', 'BY') ? parseColumns(reader) : [];
  if (reader.skip('CLUSTERED', 'BY')) skipBuckets(reader);
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
    storage,
    location,
    parameters,
  };
}

/** Buckets only help a writer: reading needs to know nothing of them. */
function skipBuckets(reader: DdlReader): void {
  reader.expect('(');
  do reader.name();
  while (reader.skip(','));
  reader.expect(')');
  reader.expect('INTO');
  reader.number();
  reader.expect('BUCKETS');
}

function parseColumns(reader: DdlReader): readonly ColumnDefinition[] {
  reader.expect('(');
  const columns: ColumnDefinition[] = [];
  do {
    const name = reader.name();
    const type = reader.typeText();
    const comment = reader.skip('COMMENT') ? reader.string() : undefined;
    columns.push({ name, type, ...(comment === undefined ? {} : { comment }) });
  } while (reader.skip(','));
  reader.expect(')');
  return columns;
}

function parseAlterTable(reader: DdlReader): DdlStatement | undefined {
  const name = parseTableName(reader);
  if (reader.skip('ADD', 'IF', 'NOT', 'EXISTS')) return parseAddPartitions(reader, name, true);
  if (reader.peek('ADD', 'PARTITION')) {
    reader.expect('ADD');
    return parseAddPartitions(reader, name, false);
  }
  const ifExists = reader.skip('DROP', 'IF', 'EXISTS');
  if (ifExists || reader.peek('DROP', 'PARTITION')) {
    if (!ifExists) reader.expect('DROP');
    const specs: PartitionSpec[] = [];
    do {
      reader.expect('PARTITION');
      specs.push(parsePartitionSpec(reader));
    } while (reader.skip(','));
    return { kind: 'drop partitions', name, ifExists, specs };
  }
  throw reader.failure('ADD [IF NOT EXISTS] PARTITION or DROP [IF EXISTS] PARTITION');
}

function parseAddPartitions(reader: DdlReader, name: DdlTableName, ifNotExists: boolean): DdlStatement {
  const partitions: { readonly spec: PartitionSpec; readonly location?: string }[] = [];
  do {
    reader.expect('PARTITION');
    const spec = parsePartitionSpec(reader);
    const location = reader.skip('LOCATION') ? reader.string() : undefined;
    partitions.push({ spec, ...(location === undefined ? {} : { location }) });
  } while (reader.peek('PARTITION'));
  return { kind: 'add partitions', name, ifNotExists, partitions };
}

function parsePartitionSpec(reader: DdlReader): PartitionSpec {
  reader.expect('(');
  const spec: { readonly column: string; readonly value: string }[] = [];
  do {
    const column = reader.name();
    reader.expect('=');
    spec.push({ column, value: reader.stringOrNumber() });
  } while (reader.skip(','));
  reader.expect(')');
  return spec;
}

function parseShowProperties(reader: DdlReader): DdlStatement {
  const name = parseTableName(reader);
  if (!reader.skip('(')) return { kind: 'show tblproperties', name };
  const property = reader.string();
  reader.expect(')');
  return { kind: 'show tblproperties', name, property };
}

function parseTableName(reader: DdlReader): DdlTableName {
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
