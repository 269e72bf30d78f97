import { ErganeError } from '@ergane/protocol';
import type { TableDefinition } from '../../metastore/metastore.ts';
import type { TrinoType } from '../../sql/trino-type.ts';
import { pickByFile, type FileColumn, type FileSource } from '../file-relation.ts';
import { quoteText } from '../quote.ts';
import { hiveValue, requireValue } from './hive-value.ts';
import { escapePattern, separatorOf, textLines } from './text-lines.ts';

interface Files {
  readonly paths: readonly string[];
  readonly urls: readonly string[];
}

/**
 * OpenCSVSerde (https://docs.aws.amazon.com/athena/latest/ug/csv-serde.html): every field is text first. Then numbers and booleans are
 * read as such, DATE is a number of days and TIMESTAMP a number of milliseconds since 1970. What is no value, an empty field of a number
 * too, is an error that names file and column, unless the table property `use.null.for.invalid.data` is true.
 */
export function openCsvSource(table: TableDefinition, columns: readonly FileColumn[], files: Files): FileSource {
  const separator = separatorOf(table, ['separatorChar'], ',');
  const quote = separatorOf(table, ['quoteChar'], '"');
  const escapeChar = separatorOf(table, ['escapeChar'], '\\');
  // a doubled quote stands for itself in any case
  const escape = escapeChar === quote ? '' : escapeChar;
  checkNested(columns);
  const file = pickByFile(files.urls.map(quoteText));
  const isLenient = /^true$/i.test(table.parameters['use.null.for.invalid.data'] ?? '');
  return {
    from: `(SELECT line, ${splitLine({ separator, quote, escape })} AS fields, file_index FROM ${textLines(table, files.paths)})`,
    column({ name, type }, index) {
      const text = `fields[${index + 1}]`;
      const value = csvValue(text, type);
      return isLenient || type.kind === 'varchar' || type.kind === 'char'
        ? value
        : requireValue(value, text, { name, type, file, line: 'line' });
    },
  };
}

/** Lines without quotes, and lines all of whose fields are quoted, are split by DuckDB; the others by OpenCSV's own rules. */
function splitLine(form: { readonly separator: string; readonly quote: string; readonly escape: string }): string {
  const { separator, quote, escape } = form;
  const [mark, open] = [escapePattern(separator), escapePattern(quote)];
  const plain = `[^${open}${escapePattern(escape)}]*`;
  const quoted = quoteText(`${open}${plain}${open}(?:${mark}${open}${plain}${open})*`);
  const between = quoteText(`${quote}${separator}${quote}`);
  const special = [quote, escape].filter((character) => character !== '');
  const isPlain = special.map((character) => `NOT contains(line, ${quoteText(character)})`).join(' AND ');
  return `CASE WHEN line = '' THEN CAST([] AS VARCHAR[]) WHEN ${isPlain} THEN string_split(line, ${quoteText(separator)}) WHEN regexp_full_match(line, ${quoted}) THEN string_split(substring(line, 2, length(line) - 2), ${between}) ELSE ergane_csv_fields(line, ${[separator, quote, escape].map(quoteText).join(', ')}) END`;
}

function csvValue(text: string, type: TrinoType): string {
  const days = `TRY_CAST(CASE WHEN regexp_full_match(trim(${text}), '[+-]?[0-9]+') THEN trim(${text}) END AS BIGINT)`;
  if (type.kind === 'date')
    return `CASE WHEN abs(${days}) < 1000000000 THEN DATE '1970-01-01' + CAST(${days} AS INTEGER) END`;
  if (type.kind === 'timestamp')
    return `CASE WHEN abs(${days}) < 9000000000000000 THEN make_timestamp(${days} * 1000) END`;
  const trimmed = type.kind === 'varchar' || type.kind === 'char' ? text : `trim(${text})`;
  return hiveValue(trimmed, type, { timestampFormats: [], truncates: false });
}

function checkNested(columns: readonly FileColumn[]): void {
  const column = columns.find(({ type }) => ['array', 'map', 'row', 'varbinary'].includes(type.kind));
  if (column !== undefined)
    throw new ErganeError(
      'NOT_SUPPORTED',
      `column ${column.name} has type ${column.type.kind}, which OpenCSVSerde does not know: declare it as string`,
      { where: { column: column.name } },
    );
}
