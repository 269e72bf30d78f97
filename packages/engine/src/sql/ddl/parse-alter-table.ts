import type { DdlStatement, DdlTableName, PartitionSpec } from './ddl-statement.ts';
import type { DdlReader } from './ddl-reader.ts';
import { parseColumn, parseColumns } from './parse-create-table.ts';
import { parsePartitionSpec, parseTableName } from './parse-names.ts';

/**
 * What follows ALTER TABLE (https://docs.aws.amazon.com/athena/latest/ug/alter-table-add-partition.html and the pages beside it).
 * Columns of single partitions are those of the table, so a PARTITION before ADD or REPLACE COLUMNS is refused.
 */
export function parseAlterTable(reader: DdlReader): DdlStatement {
  const name = parseTableName(reader);
  if (reader.skip('ADD', 'IF', 'NOT', 'EXISTS')) return parseAddPartitions(reader, name, true);
  if (reader.skip('ADD', 'COLUMNS'))
    return endCascade(reader, { kind: 'add columns', name, columns: parseColumns(reader) });
  if (reader.skip('ADD')) return parseAddPartitions(reader, name, false);
  if (reader.skip('REPLACE', 'COLUMNS'))
    return endCascade(reader, { kind: 'replace columns', name, columns: parseColumns(reader) });
  if (reader.skip('CHANGE')) return parseChangeColumn(reader, name);
  if (reader.skip('DROP', 'IF', 'EXISTS')) return parseDropPartitions(reader, name, true);
  if (reader.skip('DROP')) return parseDropPartitions(reader, name, false);
  if (reader.skip('SET', 'TBLPROPERTIES'))
    return { kind: 'set table properties', name, parameters: reader.properties() };
  if (reader.skip('SET', 'LOCATION')) return { kind: 'set location', name, location: reader.string() };
  if (reader.skip('PARTITION')) return parseAlterPartition(reader, name);
  throw reader.failure('ADD, DROP, PARTITION, REPLACE COLUMNS, CHANGE COLUMN, SET TBLPROPERTIES or SET LOCATION');
}

function parseAlterPartition(reader: DdlReader, name: DdlTableName): DdlStatement {
  const spec = parsePartitionSpec(reader);
  if (reader.skip('RENAME', 'TO', 'PARTITION'))
    return { kind: 'rename partition', name, from: spec, to: parsePartitionSpec(reader) };
  if (reader.skip('SET', 'LOCATION')) return { kind: 'set location', name, spec, location: reader.string() };
  throw reader.failure('RENAME TO PARTITION or SET LOCATION');
}

/** Hive's CASCADE changes partitions along, RESTRICT does not: here they always have the table's columns. */
function endCascade(reader: DdlReader, statement: DdlStatement): DdlStatement {
  if (!reader.skip('CASCADE')) reader.skip('RESTRICT');
  return statement;
}

function parseChangeColumn(reader: DdlReader, name: DdlTableName): DdlStatement {
  reader.skip('COLUMN');
  const from = reader.name();
  const column = parseColumn(reader);
  if (reader.skip('FIRST')) return endCascade(reader, { kind: 'change column', name, from, column, place: 'first' });
  const after = reader.skip('AFTER') ? { after: reader.name() } : undefined;
  return endCascade(reader, { kind: 'change column', name, from, column, ...(after && { place: after }) });
}

function parseDropPartitions(reader: DdlReader, name: DdlTableName, ifExists: boolean): DdlStatement {
  const specs: PartitionSpec[] = [];
  do {
    reader.expect('PARTITION');
    specs.push(parsePartitionSpec(reader));
  } while (reader.skip(','));
  reader.skip('PURGE');
  return { kind: 'drop partitions', name, ifExists, specs };
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
