import { ErganeError, ERROR_CODES, type ErrorCode } from '@ergane/protocol';

/** An error of a scalar function: its code stands at the start of the message, because DuckDB carries text alone. */
export function functionError(code: ErrorCode, message: string): Error {
  return new Error(`${code}: ${message}`);
}

const isCode = (text: string): text is ErrorCode => text in ERROR_CODES;

/** What DuckDB says while a compiled query runs, as the error that Trino would give. */
export function translateDuckdbError(error: unknown): ErganeError {
  if (error instanceof ErganeError) return error;
  const text = withoutSql(error instanceof Error ? error.message : String(error));
  const own = /(?:^|Error: )([A-Z][A-Z_]+): ([\s\S]*)$/.exec(text);
  const code = own?.[1];
  if (own && code !== undefined && isCode(code)) return new ErganeError(code, own[2] ?? text, { cause: error });
  for (const [pattern, translated] of PATTERNS) {
    if (pattern.test(text))
      return new ErganeError(translated, text.replace(/^[A-Za-z ]*Error: /, ''), { cause: error });
  }
  return new ErganeError('INTERNAL', `DuckDB: ${text}`, { cause: error });
}

/** DuckDB's message without the piece of our SQL that it quotes, and without names of ours. */
function withoutSql(text: string): string {
  return text.replace(/\n\s*\nLINE \d+:[\s\S]*$/, '').replace(/ when casting from source column .*$/s, '');
}

const PATTERNS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/More than one row returned by a subquery/i, 'SUBQUERY_MULTIPLE_ROWS'],
  [/Invalid (?:RANGE|ROWS|GROUPS) (?:PRECEDING|FOLLOWING) value/i, 'INVALID_WINDOW_FRAME'],
  [/Argument for ntile/i, 'INVALID_FUNCTION_ARGUMENT'],
  [/^Not implemented Error/, 'NOT_SUPPORTED'],
  [/Interrupted|INTERRUPT/, 'QUERY_CANCELLED'],
  [/Map keys (?:must be unique|can ?not be NULL)|The map key list does not align/i, 'INVALID_FUNCTION_ARGUMENT'],
  [/^Conversion Error: .*(?:out of range|could not be cast|can't be cast)/is, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/^Out of Range Error/, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^Invalid Input Error: .*(?:overflow|out of range)/is, 'NUMERIC_VALUE_OUT_OF_RANGE'],
];
