import { ErganeError } from '@ergane/protocol';
import type { TableDefinition } from '../../metastore/metastore.ts';
import { javaRegExp } from '../../sql/runtime/java-regexp.ts';
import type { TrinoType } from '../../sql/trino-type.ts';
import type { FileColumn, FileSource } from '../file-relation.ts';
import { quoteText } from '../quote.ts';
import { compileGrok } from './grok.ts';
import { hiveValue } from './hive-value.ts';
import { textLines } from './text-lines.ts';

/**
 * RegexSerDe (https://docs.aws.amazon.com/athena/latest/ug/regex-serde.html): the groups of `input.regex`, which the whole line must
 * match, are the columns. A line that does not match is a row of NULLs, and so is a text that is none of its column's type NULL.
 */
export function regexSource(
  table: TableDefinition,
  columns: readonly FileColumn[],
  paths: readonly string[],
): FileSource {
  const properties = table.storage.serdeProperties;
  const regex =
    properties['input.regex'] ?? failSetting(table, 'input.regex', 'is missing: it is the pattern of a line');
  const isInsensitive = /^true$/i.test(properties['input.regex.case.insensitive'] ?? '');
  return groupsSource(table, columns, { paths, setting: 'input.regex', pattern: wholeLine(regex, isInsensitive) });
}

/**
 * GrokSerDe (https://docs.aws.amazon.com/athena/latest/ug/grok-serde.html): the named patterns of `input.format` are the columns, in their
 * order; `input.grokCustomPatterns` defines others, one a line.
 */
export function grokSource(
  table: TableDefinition,
  columns: readonly FileColumn[],
  paths: readonly string[],
): FileSource {
  const properties = table.storage.serdeProperties;
  const format =
    properties['input.format'] ??
    failSetting(table, 'input.format', "is missing: it is a pattern such as '%{IP:client}'");
  const compiled = compileGrok(format, properties['input.grokCustomPatterns'] ?? '');
  if ('problem' in compiled) return failSetting(table, 'input.format', compiled.problem);
  return groupsSource(table, columns, { paths, setting: 'input.format', pattern: `(?s)${compiled.pattern}` });
}

function groupsSource(
  table: TableDefinition,
  columns: readonly FileColumn[],
  options: { readonly paths: readonly string[]; readonly setting: string; readonly pattern: string },
): FileSource {
  const { paths, setting, pattern } = options;
  try {
    javaRegExp(pattern);
  } catch (cause) {
    failSetting(table, setting, `is no pattern that can be used: ${cause instanceof Error ? cause.message : ''}`);
  }
  const nested = columns.find(({ type }) => ['array', 'map', 'row', 'varbinary'].includes(type.kind));
  if (nested !== undefined)
    throw new ErganeError(
      'NOT_SUPPORTED',
      `column ${nested.name} of table ${table.name}: this SerDe knows no ${nested.type.kind}`,
      {
        where: { table: table.name, column: nested.name },
      },
    );
  return {
    from: `(SELECT ergane_line_groups(line, ${quoteText(pattern)}) AS fields, file_index FROM ${textLines(table, paths)})`,
    column: ({ type }, index) => groupValue(`fields[${index + 1}]`, type),
  };
}

function groupValue(text: string, type: TrinoType): string {
  if (type.kind === 'boolean') return `(lower(${text}) = 'true')`;
  return hiveValue(text, type, { timestampFormats: [], truncates: false });
}

/** Flags at the pattern's start stay at the start; the dot is any character, as in the SerDe. */
function wholeLine(regex: string, isInsensitive: boolean): string {
  const [leading = '', flags = ''] = /^\(\?([a-z]+)\)/.exec(regex) ?? [];
  const all = new Set([...flags, 's', ...(isInsensitive ? ['i'] : [])]);
  return `(?${[...all].join('')})\\A(?:${regex.slice(leading.length)})\\z`;
}

function failSetting(table: TableDefinition, setting: string, problem: string): never {
  throw new ErganeError('CONFIG_INVALID', `SerDe property ${setting} of table ${table.name} ${problem}`, {
    where: { table: table.name, setting },
  });
}
