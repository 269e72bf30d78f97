import type { Buckets, ColumnDefinition, StorageFormat, TableDefinition } from '../metastore/metastore.ts';
import { findSerde } from '../metastore/serdes.ts';

/** The statement that makes the table again, laid out as Athena does. */
export function printCreateTable(database: string, table: TableDefinition): string {
  const { storage } = table;
  const parts = [
    `CREATE EXTERNAL TABLE \`${database}.${table.name}\`(\n${printColumns(table.columns)})`,
    ...(table.comment === undefined ? [] : [`COMMENT ${printString(table.comment)}`]),
    ...(table.partitionKeys.length === 0 ? [] : [`PARTITIONED BY ( \n${printColumns(table.partitionKeys)})`]),
    ...printBuckets(table.buckets),
    `ROW FORMAT SERDE \n  ${printString(storage.serde)} `,
    ...printProperties('WITH SERDEPROPERTIES', storage.serdeProperties),
    ...printFormats(storage),
    `LOCATION\n  ${printString(table.location)}`,
    ...printProperties('TBLPROPERTIES', table.parameters),
  ];
  return parts.join('\n');
}

function printBuckets(buckets: Buckets | undefined): readonly string[] {
  if (buckets === undefined) return [];
  return [`CLUSTERED BY ( \n  ${buckets.columns.join(', \n  ')}) \nINTO ${buckets.count} BUCKETS`];
}

function printFormats(storage: StorageFormat): readonly string[] {
  const serde = findSerde(storage.serde);
  const input = storage.inputFormat ?? serde?.inputFormat;
  const output = storage.outputFormat ?? serde?.outputFormat;
  if (input === undefined || output === undefined) return [];
  return [`STORED AS INPUTFORMAT \n  ${printString(input)} \nOUTPUTFORMAT \n  ${printString(output)}`];
}

function printColumns(columns: readonly ColumnDefinition[]): string {
  return columns
    .map(({ name, type, comment }) => {
      const text = comment === undefined ? '' : ` COMMENT ${printString(comment)}`;
      return `  \`${name.replaceAll('`', '``')}\` ${type}${text}`;
    })
    .join(', \n');
}

function printProperties(keyword: string, properties: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(properties).map(([key, value]) => `  ${printString(key)}=${printString(value)}`);
  return entries.length === 0 ? [] : [`${keyword} ( \n${entries.join(', \n')}) `];
}

function printString(text: string): string {
  return `'${text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t')
    .replace(
      /[\u0000-\u0008\u000b-\u001f]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )}'`;
}
