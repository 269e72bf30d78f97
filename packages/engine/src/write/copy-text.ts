import { quoteName, quoteText } from '../files/quote.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { jsonMember, jsonObject, parquetValue, textValue } from './file-value.ts';
import type { OutputFormat, TextLayout } from './output-format.ts';

/** A column as it shall be written; `sql` computes it, in its physical type, from the columns c0, c1, … of the query. */
export interface WrittenColumn {
  readonly name: string;
  readonly type: TrinoType;
  readonly sql: string;
}

export interface WriteLayout {
  readonly format: OutputFormat;
  readonly columns: readonly WrittenColumn[];
  readonly partitionKeys: readonly WrittenColumn[];
}

/** a folder of a partition is named by it and this; what was NULL has no such beginning */
export const PARTITION_MARK = 'v';

/** The query whose rows are as the files hold them: DuckDB plans it. */
export function selectWritten(query: string, layout: WriteLayout): string {
  const { format, columns, partitionKeys } = layout;
  const names = partitionNames(layout);
  const keys = partitionKeys.map(
    ({ sql, type }, index) =>
      `${quoteText(PARTITION_MARK)} || ${textValue(sql, type)} AS ${quoteName(names[index] ?? '')}`,
  );
  const values =
    format.kind === 'parquet'
      ? columns.map(({ name, type, sql }) => `${parquetValue(sql, type)} AS ${quoteName(name)}`)
      : [`${printLine(format, columns)} AS ${quoteName(headerOf(format, columns))}`];
  return `SELECT ${[...values, ...keys].join(', ')} FROM (${query}) AS q`;
}

/** DuckDB's COPY of such a query into a folder. `maxFileBytes` does not bind partitions: DuckDB cannot do both. */
export function copyInto(
  select: string,
  layout: WriteLayout,
  target: { readonly folder: string; readonly maxFileBytes?: number },
): string {
  const { format } = layout;
  const names = partitionNames(layout);
  const options = [
    ...(format.kind === 'parquet'
      ? [
          'FORMAT parquet',
          `COMPRESSION ${format.compression}`,
          ...(format.level === undefined ? [] : [`COMPRESSION_LEVEL ${format.level}`]),
        ]
      : // a line is written as it is: no value of it is quoted, whatever it holds
        [
          `FORMAT csv, QUOTE '', ESCAPE '', DELIMITER e'\\x01', NULLSTR ''`,
          `HEADER ${String(format.kind === 'text' && format.text.header)}`,
          `COMPRESSION ${format.compression}`,
        ]),
  ];
  if (names.length > 0)
    options.push(
      `PARTITION_BY (${names.map(quoteName).join(', ')}), FILENAME_PATTERN '{uuid}', OVERWRITE_OR_IGNORE true`,
    );
  else if (target.maxFileBytes !== undefined)
    options.push(`FILE_SIZE_BYTES ${target.maxFileBytes}, FILENAME_PATTERN '{uuid}'`);
  const isOneFile = names.length === 0 && target.maxFileBytes === undefined;
  return `COPY (${select}) TO ${quoteText(isOneFile ? `${target.folder}/all` : target.folder)} (${options.join(', ')})`;
}

/** Names that are no columns of the files. */
function partitionNames({ columns, partitionKeys }: WriteLayout): readonly string[] {
  const taken = new Set(columns.map(({ name }) => name.toLowerCase()));
  return partitionKeys.map((_key, index) => {
    let name = `p${index}`;
    while (taken.has(name)) name += '_';
    return name;
  });
}

function printLine(format: Exclude<OutputFormat, { kind: 'parquet' }>, columns: readonly WrittenColumn[]): string {
  if (format.kind === 'json') {
    return jsonObject(columns.map(({ name, type, sql }) => [name, jsonMember(sql, type)] as const));
  }
  const { text } = format;
  return columns.map((column) => printField(text, column)).join(` || ${quoteText(text.delimiter)} || `);
}

/** Text files have no escapes that every reader agrees on: what would be read as something else is an error. */
function printField({ delimiter, nullText, quote }: TextLayout, { name, type, sql }: WrittenColumn): string {
  const isText = type.kind === 'varchar' || type.kind === 'char';
  const value = textValue(sql, type);
  const fail = (what: string) =>
    `CAST(ergane_fail(${quoteText(`NOT_SUPPORTED: column ${name}: ${what}: write PARQUET or JSON`)}) AS VARCHAR)`;
  if (quote !== undefined) {
    const escaped = [quote.escape, quote.quote].reduce(
      (text, mark) => `replace(${text}, ${quoteText(mark)}, ${quoteText(quote.escape + mark)})`,
      value,
    );
    const whenNull = fail('a quoted CSV file has no text for NULL');
    return `CASE WHEN ${sql} IS NULL THEN ${whenNull} ${isText ? `WHEN ${hasBreak(value)} THEN ${fail('a text with a line break has no place in a CSV file')} ` : ''}ELSE ${quoteText(quote.quote)} || ${escaped} || ${quoteText(quote.quote)} END`;
  }
  const nullLiteral = nullText === undefined ? fail('this file format has no text for NULL') : quoteText(nullText);
  if (!isText) return `coalesce(${value}, ${nullLiteral})`;
  const clashes = [
    `contains(${value}, ${quoteText(delimiter)})`,
    hasBreak(value),
    ...(nullText === undefined ? [] : [`${value} = ${quoteText(nullText)}`]),
  ];
  return `CASE WHEN ${value} IS NULL THEN ${nullLiteral} WHEN ${clashes.join(' OR ')} THEN ${fail('a text with the delimiter, a line break or the text of NULL has no place in a text file')} ELSE ${value} END`;
}

function hasBreak(value: string): string {
  return `contains(${value}, chr(10)) OR contains(${value}, chr(13))`;
}

function headerOf(format: Exclude<OutputFormat, { kind: 'parquet' }>, columns: readonly WrittenColumn[]): string {
  if (format.kind === 'json' || !format.text.header) return 'line';
  const { delimiter, quote } = format.text;
  const mark = quote?.quote ?? '';
  return columns.map(({ name }) => `${mark}${name}${mark}`).join(delimiter);
}
