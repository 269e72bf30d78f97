import { ErganeError, type ValueSet } from '@ergane/protocol';
import { parseHiveType } from '../metastore/hive-type.ts';
import type { TableDefinition } from '../metastore/metastore.ts';
import { duckdbType } from '../sql/types/physical-type.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import type { TableFile } from './list-files.ts';
import { parquetSource } from './parquet-source.ts';
import { NULL_PARTITION } from './partition-value.ts';
import { quoteName, quoteText } from './quote.ts';
import { jsonSource } from './text/json-source.ts';
import { lazySimpleSource } from './text/lazy-simple-source.ts';
import { openCsvSource } from './text/open-csv-source.ts';
import { grokSource, regexSource } from './text/regex-source.ts';

/** A column of a table, with its Trino type. */
export interface FileColumn {
  readonly name: string;
  readonly type: TrinoType;
}

/** Files as DuckDB reads them: `FROM` text whose rows have FILE_INDEX, and an expression for each column in its physical type. */
export interface FileSource {
  readonly from: string;
  column(column: FileColumn, index: number): string;
}

/** the number of a row's file in the list of paths, from 0 */
export const FILE_INDEX = 'CAST(file_index AS BIGINT)';

/** The columns of a table, partition keys last, as Athena has them. @throws ErganeError TYPE_MISMATCH that names the column */
export function tableColumns(table: TableDefinition): readonly FileColumn[] {
  return [...table.columns, ...table.partitionKeys].map(({ name, type }) => {
    try {
      return { name, type: parseHiveType(type) };
    } catch (cause) {
      if (!(cause instanceof ErganeError)) throw cause;
      throw new ErganeError(cause.code, `column ${name} of table ${table.name}: ${cause.message}`, {
        where: { table: table.name, column: name },
        cause,
      });
    }
  });
}

/**
 * The DuckDB relation of a table's files: its columns in their physical types, partition keys by the file that a row comes from.
 * `paths` are the readable paths of `files`, in the same order. Rows that `summary` does not admit may be left out.
 */
export function fileRelation(
  table: TableDefinition,
  files: readonly TableFile[],
  paths: readonly string[],
  summary: Readonly<Record<string, ValueSet>> = {},
): string {
  const columns = tableColumns(table);
  if (files.length === 0) {
    const nulls = columns.map(({ name, type }) => `CAST(NULL AS ${duckdbType(type)}) AS ${quoteName(name)}`);
    return `(SELECT ${nulls.join(', ')} WHERE false)`;
  }
  const own = columns.slice(0, table.columns.length);
  const source = makeSource(table, own, {
    paths,
    urls: files.map(({ bucket, object }) => `s3://${bucket}/${object.key}`),
    summary,
  });
  const keys = columns.slice(table.columns.length).map(({ name, type }, index) => {
    const values = files.map(({ partitionValues }) => partitionText(partitionValues[index]));
    return `CAST(${pickByFile(values)} AS ${duckdbType(type)}) AS ${quoteName(name)}`;
  });
  const values = own.map((column, index) => `${source.column(column, index)} AS ${quoteName(column.name)}`);
  return `(SELECT ${[...values, ...keys].join(', ')} FROM ${source.from})`;
}

function makeSource(
  table: TableDefinition,
  columns: readonly FileColumn[],
  files: {
    readonly paths: readonly string[];
    readonly urls: readonly string[];
    readonly summary: Readonly<Record<string, ValueSet>>;
  },
): FileSource {
  const { format, serde } = table.storage;
  switch (format) {
    case 'parquet':
      return parquetSource(columns, files.paths, files.summary);
    case 'csv':
      return /opencsv/i.test(serde)
        ? openCsvSource(table, columns, files)
        : lazySimpleSource(table, columns, files.paths);
    case 'json':
    case 'avro':
      return jsonSource(table, columns, files);
    case 'regex':
      return /grok/i.test(serde) ? grokSource(table, columns, files.paths) : regexSource(table, columns, files.paths);
  }
}

function partitionText(text: string | undefined): string {
  return text === undefined || text === NULL_PARTITION ? 'NULL' : quoteText(text);
}

/** The text (SQL literal) that belongs to a row's file. One value for all files is a constant, which DuckDB folds. */
export function pickByFile(literals: readonly string[]): string {
  const [first = 'NULL'] = literals;
  if (literals.every((literal) => literal === first)) return `CAST(${first} AS VARCHAR)`;
  return `(CAST([${literals.join(', ')}] AS VARCHAR[]))[${FILE_INDEX} + 1]`;
}
