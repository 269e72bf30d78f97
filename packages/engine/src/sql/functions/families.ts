import { AGGREGATES } from './aggregate.ts';
import { LIST_AGGREGATES } from './aggregate-list.ts';
import { APPROXIMATE_AGGREGATES, SKETCHES } from './approximate.ts';
import { ARRAYS } from './array.ts';
import { ARRAY_SETS } from './array-set.ts';
import { LAMBDA_AGGREGATES, LAMBDAS } from './lambda.ts';
import { MAPS, MAP_AGGREGATES } from './map.ts';
import { SEQUENCES } from './sequence.ts';
import { JSONS } from './json.ts';
import { IDENTITIES } from './identity.ts';
import { BINARY } from './binary.ts';
import { CHECKSUMS } from './checksum.ts';
import { BITWISE } from './bitwise.ts';
import { CONDITIONAL } from './conditional.ts';
import { DATES } from './date.ts';
import { MATH } from './math.ts';
import type { FunctionSignature } from './signature.ts';
import { REGEXPS } from './regexp.ts';
import { DATE_ARITHMETIC } from './date-arithmetic.ts';
import { BING_TILES } from './bing-tile.ts';
import { GEOMETRIES } from './geometry.ts';
import { COLORS } from './color.ts';
import { QUANTILE_DIGEST_AGGREGATES, QUANTILE_DIGESTS } from './quantile-digest.ts';
import { SET_DIGEST_AGGREGATES, SET_DIGESTS } from './set-digest.ts';
import { STRINGS } from './string.ts';
import { URLS } from './url.ts';
import { WINDOWS } from './window.ts';

/** Every function Ergane knows, one list a family. Of equal matches the first wins. */
export const FUNCTIONS: readonly FunctionSignature[] = [
  ...AGGREGATES,
  ...LIST_AGGREGATES,
  ...CHECKSUMS,
  ...WINDOWS,
  ...CONDITIONAL,
  ...DATES,
  ...MATH,
  ...BITWISE,
  ...STRINGS,
  ...BINARY,
  ...URLS,
  ...REGEXPS,
  ...DATE_ARITHMETIC,
  ...APPROXIMATE_AGGREGATES,
  ...SKETCHES,
  ...ARRAYS,
  ...ARRAY_SETS,
  ...SEQUENCES,
  ...LAMBDAS,
  ...LAMBDA_AGGREGATES,
  ...MAPS,
  ...MAP_AGGREGATES,
  ...JSONS,
  ...IDENTITIES,
  ...QUANTILE_DIGEST_AGGREGATES,
  ...QUANTILE_DIGESTS,
  ...SET_DIGEST_AGGREGATES,
  ...SET_DIGESTS,
  ...COLORS,
  ...BING_TILES,
  ...GEOMETRIES,
];
