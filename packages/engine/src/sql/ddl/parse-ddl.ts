import type { DdlStatement } from './ddl-statement.ts';
import { DdlReader } from './ddl-reader.ts';
import { parseAlterTable } from './parse-alter-table.ts';
import { parseCreateTable } from './parse-create-table.ts';
import { parsePartitionSpec, parseTableName } from './parse-names.ts';

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
  const skip = (first: string, ...either: readonly string[]) => either.some((word) => reader.skip(first, word));
  if (skip('CREATE', 'DATABASE', 'SCHEMA')) return parseCreateDatabase(reader);
  if (skip('DROP', 'DATABASE', 'SCHEMA')) return parseDropDatabase(reader);
  if (skip('ALTER', 'DATABASE', 'SCHEMA')) return parseAlterDatabase(reader);
  if (reader.skip('CREATE', 'EXTERNAL', 'TABLE')) return parseCreateTable(reader);
  if (reader.skip('DROP', 'TABLE'))
    return { kind: 'drop table', ifExists: reader.skip('IF', 'EXISTS'), name: parseTableName(reader) };
  if (reader.skip('ALTER', 'TABLE')) return parseAlterTable(reader);
  if (reader.skip('MSCK', 'REPAIR', 'TABLE')) return { kind: 'repair table', name: parseTableName(reader) };
  if (reader.skip('SHOW', 'PARTITIONS')) return { kind: 'show partitions', name: parseTableName(reader) };
  if (reader.skip('SHOW', 'CREATE', 'TABLE')) return { kind: 'show create table', name: parseTableName(reader) };
  if (reader.skip('SHOW', 'TBLPROPERTIES')) return parseShowProperties(reader);
  if (reader.skip('DESCRIBE') || reader.skip('DESC')) return parseDescribe(reader);
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

function parseAlterDatabase(reader: DdlReader): DdlStatement {
  const name = reader.name();
  if (reader.skip('SET', 'DBPROPERTIES'))
    return { kind: 'alter database', name, change: { parameters: reader.properties() } };
  if (reader.skip('SET', 'LOCATION')) return { kind: 'alter database', name, change: { location: reader.string() } };
  throw reader.failure('SET DBPROPERTIES or SET LOCATION');
}

function parseShowProperties(reader: DdlReader): DdlStatement {
  const name = parseTableName(reader);
  if (!reader.skip('(')) return { kind: 'show tblproperties', name };
  const property = reader.string();
  reader.expect(')');
  return { kind: 'show tblproperties', name, property };
}

/** `[EXTENDED | FORMATTED] table [PARTITION (…)] [column[.field]…]` (https://docs.aws.amazon.com/athena/latest/ug/describe-table.html) */
function parseDescribe(reader: DdlReader): DdlStatement {
  const style = reader.skip('EXTENDED') ? 'extended' : reader.skip('FORMATTED') ? 'formatted' : 'plain';
  const name = parseTableName(reader);
  const spec = reader.skip('PARTITION') ? parsePartitionSpec(reader) : undefined;
  const path: string[] = [];
  if (reader.isName()) {
    do path.push(reader.fieldName());
    while (reader.skip('.'));
  }
  return { kind: 'describe', name, style, ...(spec && { spec }), ...(path.length > 0 && { path }) };
}
