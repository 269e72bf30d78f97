import { functionError } from './errors.ts';
import { ARRAY_FUNCTIONS } from './array-functions.ts';
import { BINARY_FUNCTIONS } from './binary-functions.ts';
import { NUMBER_FUNCTIONS } from './number-functions.ts';
import { URL_FUNCTIONS } from './url-functions.ts';
import { DATE_FUNCTIONS } from './date-functions.ts';
import { REGEXP_FUNCTIONS } from './regexp-functions.ts';
import { JSON_FUNCTIONS } from './json-functions.ts';
import { JSON_PATH_FUNCTIONS } from './json-path-functions.ts';
import { IDENTITY_FUNCTIONS } from './identity-functions.ts';
import { FILE_FUNCTIONS } from './file-functions.ts';
import { FORMAT_FUNCTIONS } from './java-format.ts';
import { CAST_FUNCTIONS } from './cast-functions.ts';
import { SKETCH_FUNCTIONS } from './sketch-functions.ts';
import { DECIMAL_FUNCTIONS } from './decimal-functions.ts';
import { STRING_FUNCTIONS } from './string-functions.ts';
import { BING_TILE_FUNCTIONS } from './bing-tile.ts';
import { GEOMETRY_FUNCTIONS } from './geometry-functions.ts';
import { STEM_FUNCTIONS } from './word-stem.ts';
import { COLOR_FUNCTIONS } from './color-functions.ts';
import { QUANTILE_DIGEST_FUNCTIONS } from './quantile-digest.ts';
import { SET_DIGEST_FUNCTIONS } from './set-digest.ts';
import { jsFunction, type JsFunction } from './js-function.ts';
import { ERROR_CODES, type ErrorCode } from '@ergane/protocol';

const isCode = (text: string): text is ErrorCode => text in ERROR_CODES;

const FAIL = jsFunction('fail', ['VARCHAR'], 'VARCHAR', (message) => {
  const [code = '', ...rest] = message.split(': ');
  throw functionError(isCode(code) ? code : 'GENERIC_INTERNAL_ERROR', rest.join(': '));
});

/** Every JavaScript scalar function that emitted SQL may call. One list a family. */
export const JS_FUNCTIONS: readonly JsFunction[] = [
  FAIL,
  ...CAST_FUNCTIONS,
  ...DECIMAL_FUNCTIONS,
  ...STRING_FUNCTIONS,
  ...BINARY_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...URL_FUNCTIONS,
  ...DATE_FUNCTIONS,
  ...REGEXP_FUNCTIONS,
  ...ARRAY_FUNCTIONS,
  ...SKETCH_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...JSON_PATH_FUNCTIONS,
  ...IDENTITY_FUNCTIONS,
  ...FORMAT_FUNCTIONS,
  ...FILE_FUNCTIONS,
  ...QUANTILE_DIGEST_FUNCTIONS,
  ...SET_DIGEST_FUNCTIONS,
  ...COLOR_FUNCTIONS,
  ...BING_TILE_FUNCTIONS,
  ...GEOMETRY_FUNCTIONS,
  ...STEM_FUNCTIONS,
];
