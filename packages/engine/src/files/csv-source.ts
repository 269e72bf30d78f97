import { ErganeError } from '@ergane/protocol';
import type { TableDefinition } from '../metastore/metastore.ts';
import { pickByFile, type FileColumn, type FileSource } from './file-relation.ts';
import { quoteName, quoteText, quotePaths } from './quote.ts';
import { requireTextValue, tryTextValue } from './text-value.ts';

interface Files {
  readonly paths: readonly string[];
  readonly urls: readonly string[];
}

/** a text that is in no file: OpenCSVSerde knows no NULL */
const NO_NULL = '\u0001\u0002ergane-no-null\u0002\u0001';

/**
 * Text files. LazySimpleSerDe: what is no value of its column's type is NULL, `\N` too. OpenCSVSerde: quotes, and what is no value is an
 * error that names the file. In both a line may have fewer fields (NULL) or more (ignored) than the table has columns.
 */
export function csvSource(table: TableDefinition, columns: readonly FileColumn[], files: Files): FileSource {
  const isQuoted = /opencsv/i.test(table.storage.serde);
  const properties = table.storage.serdeProperties;
  const form = isQuoted
    ? {
        delim: properties['separatorChar'] ?? ',',
        quote: properties['quoteChar'] ?? '"',
        escape: properties['escapeChar'] ?? '\\',
        nullstr: NO_NULL,
      }
    : {
        delim: properties['field.delim'] ?? properties['serialization.format'] ?? '\u0001',
        quote: '',
        escape: properties['escape.delim'] ?? '',
        nullstr: properties['serialization.null.format'] ?? '\\N',
      };
  const options = [
    ...Object.entries(form).map(([name, text]) => `${name} = ${quoteText(text)}`),
    `skip = ${readSkip(table)}`,
    'header = false, auto_detect = false, null_padding = true, strict_mode = false, parallel = false',
    `columns = {${columns.map(({ name }) => `${quoteText(name)}: 'VARCHAR'`).join(', ')}}`,
  ];
  const file = pickByFile(files.urls.map(quoteText));
  return {
    from: `(SELECT *, file_index FROM read_csv(${quotePaths(files.paths)}, ${options.join(', ')}))`,
    column(column) {
      const raw = quoteName(column.name);
      if (!isQuoted) return tryTextValue(raw, column);
      const text = column.type.kind === 'varchar' || column.type.kind === 'char' ? raw : `nullif(trim(${raw}), '')`;
      return requireTextValue(tryTextValue(text, column), text, { column, file });
    },
  };
}

function readSkip(table: TableDefinition): number {
  const text = table.parameters['skip.header.line.count'] ?? '0';
  if (/^\d+$/.test(text)) return Number(text);
  throw new ErganeError(
    'CONFIG_INVALID',
    `skip.header.line.count of table ${table.name} is "${text}": it must be a number of lines`,
    { where: { table: table.name, setting: 'skip.header.line.count' } },
  );
}
