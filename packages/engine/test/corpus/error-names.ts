import type { ErrorCode } from '@ergane/protocol';
import { trinoErrorName } from '../../src/trino-error-name.ts';
import type { CorpusCase } from './corpus-case.ts';

/** Statements that fail here as they fail in Trino, but with another name: where each comes from. Nothing else may differ. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  // literals of 38 digits that are scaled for an addition: DuckDB tells it as it tells a cast of text
  ['decimal-063b60c6', 'INVALID_CAST_ARGUMENT'],
  ['decimal-0d619ebd', 'INVALID_CAST_ARGUMENT'],
  ['decimal-484549f0', 'INVALID_CAST_ARGUMENT'],
  ['decimal-fb08dc13', 'INVALID_CAST_ARGUMENT'],
  // the step that fails is another one
  ['json-cast-b381ba40', 'INVALID_FUNCTION_ARGUMENT'],
  ['map-097365fe', 'INVALID_FUNCTION_ARGUMENT'],
  ['interval-e4a5da5b', 'NUMERIC_VALUE_OUT_OF_RANGE'],
  ['integer-2d00fdfc', 'INVALID_CAST_ARGUMENT'],
  ['string-037e2d81', 'FUNCTION_NOT_FOUND'],
  // Trino finds the function before it looks at its lambda
  ['conditional-cfd7a9ba', 'TYPE_MISMATCH'],
  ['lambda-6bb61a25', 'FUNCTION_NOT_FOUND'],
  // an overflow, which Trino forgot to name
  ['integer-04219fae', 'NUMERIC_VALUE_OUT_OF_RANGE'],
  // the grammar has no such form
  ['stmt-misc-22ba6e5c', 'SYNTAX_ERROR'],
  ['stmt-set-c0d6df97', 'SYNTAX_ERROR'],
]);

/** What an error's name is beside Trino's: undefined where they are one, or known to differ in this way. */
export function differentName(test: CorpusCase, code: ErrorCode): string | undefined {
  if (test.error === undefined || hasTrinoName(test, code) || KNOWN.get(test.id) === code) return undefined;
  return `expected ${test.error.name}, got ${code}`;
}

/** Whether an error has Trino's name, known differences apart. */
export function hasTrinoName(test: CorpusCase, code: ErrorCode): boolean {
  return test.error?.name === trinoErrorName(code);
}
