import { scalar } from './signature.ts';

/** Mathematical functions. */
export const MATH = scalar(
  ['abs(tinyint) -> tinyint', 'abs($1)'],
  ['abs(smallint) -> smallint', 'abs($1)'],
  ['abs(integer) -> integer', 'abs($1)'],
  ['abs(bigint) -> bigint', 'abs($1)'],
  ['abs(real) -> real', 'abs($1)'],
  ['abs(double) -> double', 'abs($1)'],
  ['abs(decimal(p,s)) -> decimal(p,s)', 'abs($1)'],
  ['sqrt(double) -> double', `(CASE WHEN $1 < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt($1) END)`],
  ['power(double, double) -> double', 'pow($1, $2)'],
  ['exp(double) -> double', 'exp($1)'],
  ['nan() -> double', `CAST('NaN' AS DOUBLE)`],
  ['infinity() -> double', `CAST('Infinity' AS DOUBLE)`],
  ['is_nan(double) -> boolean', 'isnan($1)'],
);
