import { ERROR_CODES, ErganeError } from '@ergane/protocol';
import type { ErrorCode } from '@ergane/protocol';

/** DuckDB's error classes and texts, and what they are to the one who wrote the statement; the first that matches. */
const KNOWN: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^INTERRUPT Error|Interrupted!/, 'QUERY_CANCELLED'],
  [/[Dd]ivision by zero|Modulo by zero/, 'DIVISION_BY_ZERO'],
  [/^Out of Range Error|Overflow in|out of range|overflow/i, 'NUMERIC_VALUE_OUT_OF_RANGE'],
  [/^Conversion Error/, 'INVALID_CAST_ARGUMENT'],
  [/More than one row returned by a subquery/, 'SUBQUERY_MULTIPLE_ROWS'],
  [/^Out of Memory Error/, 'INTERNAL'],
  [/^IO Error|^HTTP Error/, 'STORE_FAILED'],
  [/^Invalid Input Error/, 'INVALID_FUNCTION_ARGUMENT'],
];

/** A failure in the worker: with the code that Ergane's own parts gave it, else by DuckDB's text. */
export function duckdbError(message: string, code: string | undefined): ErganeError {
  const own = isErrorCode(code) ? code : undefined;
  const text = message
    .replace(/^(Conversion|Invalid Input|Out of Range|Binder|Invalid) Error: /, '')
    .replace(/\n\nLINE \d+:[\s\S]*$/, '');
  return new ErganeError(
    own ?? KNOWN.find(([pattern]) => pattern.test(message))?.[1] ?? 'INTERNAL',
    own ? message : text,
  );
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && code in ERROR_CODES;
}
