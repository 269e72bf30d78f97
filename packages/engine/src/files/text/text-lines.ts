import { ErganeError } from '@ergane/protocol';
import type { TableDefinition } from '../../metastore/metastore.ts';
import { quotePaths, quoteText } from '../quote.ts';

/** a character that no text has: DuckDB's reader wants a separator, and a line is one field */
const NEVER = 'chr(1114109)';
/** a line may have so many bytes */
const MAX_LINE_BYTES = 16 * 2 ** 20;

/** `FROM` text whose rows are the lines of text files: `line`, empty ones too, and `file_index`. */
export function textLines(table: TableDefinition, paths: readonly string[]): string {
  const options = [
    `delim = ${NEVER}, quote = '', escape = '', comment = ''`,
    `skip = ${lineCount(table, 'skip.header.line.count')}`,
    'header = false, auto_detect = false, null_padding = false, strict_mode = false',
    `max_line_size = ${MAX_LINE_BYTES}, buffer_size = ${2 * MAX_LINE_BYTES}`,
    `columns = {'line': 'VARCHAR'}`,
  ];
  if (lineCount(table, 'skip.footer.line.count') !== '0')
    throw new ErganeError('NOT_SUPPORTED', `skip.footer.line.count of table ${table.name} is not supported`, {
      where: { table: table.name, setting: 'skip.footer.line.count' },
    });
  return `(SELECT coalesce(line, '') AS line, file_index FROM read_csv(${quotePaths(paths)}, ${options.join(', ')}))`;
}

function lineCount(table: TableDefinition, setting: string): string {
  const text = table.parameters[setting] ?? '0';
  if (/^\d+$/.test(text)) return text;
  throw new ErganeError(
    'CONFIG_INVALID',
    `${setting} of table ${table.name} is "${text}": it must be a number of lines`,
    { where: { table: table.name, setting } },
  );
}

/** A property that is one character, or the number of its byte, as Hive reads it. */
export function separatorOf(table: TableDefinition, names: readonly string[], otherwise: string): string {
  const properties = table.storage.serdeProperties;
  for (const name of names) {
    const text = properties[name];
    if (text === undefined || text === '') continue;
    return /^-?\d{1,3}$/.test(text) && Number(text) <= 127
      ? String.fromCharCode(Number(text) & 0xff)
      : text.slice(0, 1);
  }
  return otherwise;
}

/** A regular expression (RE2) for exactly this text. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** An SQL list of literals. */
export function quoteList(texts: readonly string[]): string {
  return `CAST([${texts.map(quoteText).join(', ')}] AS VARCHAR[])`;
}
