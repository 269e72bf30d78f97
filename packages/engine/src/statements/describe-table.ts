import { ErganeError } from '@ergane/protocol';
import { parseHiveType } from '../metastore/hive-type.ts';
import type { ColumnDefinition, TableDefinition } from '../metastore/metastore.ts';
import { findSerde } from '../metastore/serdes.ts';
import { partitionMissing } from '../metastore/alter-table.ts';
import type { DdlStatement } from '../sql/ddl/ddl-statement.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { printType } from '../sql/types/type-text.ts';
import { partitionValues } from './partition-values.ts';
import type { DdlResult } from './run-ddl.ts';

type Row = readonly [string, string, string];

/**
 * DESCRIBE with all that Hive adds to it: a partition, a column and the way into it, FORMATTED (details in rows) and EXTENDED (details
 * in one line, "useful primarily for debugging"). https://docs.aws.amazon.com/athena/latest/ug/describe-table.html
 */
export function describeTable(
  database: string,
  table: TableDefinition,
  statement: Pick<Extract<DdlStatement, { readonly kind: 'describe' }>, 'style' | 'spec' | 'path'>,
): DdlResult {
  const { style, spec, path } = statement;
  const values = spec === undefined ? undefined : partitionValues(table, spec);
  const partition = values && table.partitions.find((each) => JSON.stringify(each.values) === JSON.stringify(values));
  if (values !== undefined && partition === undefined) throw partitionMissing(table, values);
  const columns = ['col_name', 'data_type', 'comment'];
  if (path !== undefined) return { columns, rows: describePath(table, path) };
  const location = partition?.location ?? table.location;
  const rows: Row[] = [...table.columns, ...table.partitionKeys].map(columnRow);
  if (table.partitionKeys.length > 0)
    rows.push(
      ['', '', ''],
      ['# Partition Information', '', ''],
      ['# col_name', 'data_type', 'comment'],
      ['', '', ''],
      ...table.partitionKeys.map(columnRow),
    );
  if (style === 'formatted') rows.push(...details(database, table, { location, ...(values && { values }) }));
  if (style === 'extended') {
    const text = details(database, table, { location, ...(values && { values }) })
      .filter(([name, value]) => name !== '' && !name.startsWith('#') && value !== '')
      .map(([name, value]) => `${name.replace(/:$/, '')}:${value}`);
    rows.push(['', '', ''], ['Detailed Table Information', `Table(${text.join(', ')})`, '']);
  }
  return { columns, rows };
}

function columnRow({ name, type, comment }: ColumnDefinition): Row {
  return [name, type, comment ?? ''];
}

/** The rows that DESCRIBE FORMATTED has after the columns, in Hive's layout. */
function details(
  database: string,
  table: TableDefinition,
  { location, values }: { readonly location: string; readonly values?: readonly string[] },
): readonly Row[] {
  const { storage, parameters, buckets } = table;
  const serde = findSerde(storage.serde);
  const pairs = (record: Readonly<Record<string, string>>): readonly Row[] =>
    Object.entries(record).map(([key, value]): Row => ['', key, value]);
  return [
    ['', '', ''],
    ['# Detailed Table Information', '', ''],
    ...(values === undefined ? [] : [['Partition Value:', `[${values.join(', ')}]`, ''] as const]),
    ['Database:', database, ''],
    ['Table:', table.name, ''],
    ['CreateTime:', new Date(table.createdAt).toUTCString(), ''],
    ['Location:', location, ''],
    ['Table Type:', 'EXTERNAL_TABLE', ''],
    ['Table Parameters:', '', ''],
    ...pairs({ ...(table.comment !== undefined && { comment: table.comment }), ...parameters }),
    ['', '', ''],
    ['# Storage Information', '', ''],
    ['SerDe Library:', storage.serde, ''],
    ['InputFormat:', storage.inputFormat ?? serde?.inputFormat ?? '', ''],
    ['OutputFormat:', storage.outputFormat ?? serde?.outputFormat ?? '', ''],
    ['Num Buckets:', String(buckets?.count ?? -1), ''],
    ['Bucket Columns:', `[${buckets?.columns.join(', ') ?? ''}]`, ''],
    ['Storage Desc Params:', '', ''],
    ...pairs(storage.serdeProperties),
  ];
}

/** `column`, `column.field`, `column.'$elem$'`, `column.'$key$'`, `column.'$value$'`. */
function describePath(table: TableDefinition, path: readonly string[]): readonly Row[] {
  const [name = '', ...inner] = path;
  const column = [...table.columns, ...table.partitionKeys].find((each) => each.name === name);
  if (column === undefined)
    throw new ErganeError('COLUMN_NOT_FOUND', `Column '${name}' does not exist in table ${table.name}`, {
      where: { table: table.name, column: name },
    });
  const type = inner.reduce((outer, step) => stepInto(outer, step, path), parseHiveType(column.type));
  if (inner.length === 0) return [columnRow(column)];
  return [[path.at(-1) ?? '', printType(type), 'from deserializer']];
}

function stepInto(type: TrinoType, step: string, path: readonly string[]): TrinoType {
  if (type.kind === 'array' && step === '$elem$') return type.element;
  if (type.kind === 'map' && step === '$key$') return type.key;
  if (type.kind === 'map' && step === '$value$') return type.value;
  const field = type.kind === 'row' ? type.fields.find((each) => each.name === step) : undefined;
  if (field !== undefined) return field.type;
  throw new ErganeError(
    'COLUMN_NOT_FOUND',
    `there is no '${step}' in ${path.join('.')}, which is a ${type.kind} there`,
  );
}
