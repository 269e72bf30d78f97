import { scalar, type Entry } from './signature.ts';

const WIDTHS = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 } as const;

/** Shifts keep the value's own width: bits that leave it are lost, and a shift by the width or more gives 0 (or the sign). */
const shifts = Object.entries(WIDTHS).flatMap<Entry>(([type, width]) => [
  [`bitwise_left_shift(${type}, bigint) -> ${type}`, `ergane_left_shift($1, $2, ${width})::${type}`],
  [`bitwise_right_shift(${type}, bigint) -> ${type}`, `ergane_right_shift($1, $2, ${width})::${type}`],
  [
    `bitwise_right_shift_arithmetic(${type}, bigint) -> ${type}`,
    `(CASE WHEN $1 IS NULL OR $2 IS NULL THEN NULL WHEN $2 >= ${width} THEN (CASE WHEN $1 < 0 THEN -1 ELSE 0 END) ELSE CAST($1 AS BIGINT) >> CAST($2 & 63 AS INTEGER) END)::${type}`,
  ],
]);

/** Bitwise functions. */
export const BITWISE = scalar(
  ['bitwise_and(bigint, bigint) -> bigint', '($1 & $2)'],
  ['bitwise_or(bigint, bigint) -> bigint', '($1 | $2)'],
  ['bitwise_xor(bigint, bigint) -> bigint', 'xor($1, $2)'],
  ['bitwise_not(bigint) -> bigint', '(~$1)'],
  ['bit_count(bigint, bigint) -> bigint', 'ergane_bit_count($1, $2)'],
  ...shifts,
);
