import type { DecimalColumn } from '@ergane/sdk';
import type { CellRun } from './cell-run.ts';
import { failOnCell } from './invalid-cell.ts';
import type { SpecialValues } from './invalid-cell.ts';

/** Digits are base 10000 (src/backend/utils/adt/numeric.c, numeric_send). */
const SIGN_NEGATIVE = 0x4000;
const SIGN_SPECIAL = 0xc000;
const TWO_32 = 4_294_967_296;
const SAFE = Number.MAX_SAFE_INTEGER;
/** powers of ten that a double holds exactly */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => 10 ** exponent);

/** numeric as DECIMAL: unscaled 128-bit integers. What 53 bits hold, which is nearly all money, is done in doubles, exactly. */
export function decodeNumeric(column: DecimalColumn, run: CellRun, special: SpecialValues): void {
  const { view, starts, base, rows, first } = run;
  const { words, scale } = column;
  const limit = column.precision <= 15 ? (POWERS[column.precision] ?? 0) : SAFE;
  for (let i = 0; i < rows; i++) {
    const row = first + i;
    const at = starts[base + i] ?? 0;
    if (view.getInt32(at - 4) < 0) {
      column.setNull(row);
      continue;
    }
    const count = view.getUint16(at);
    const exponent = 4 * (view.getInt16(at + 2) - count + 1) + scale;
    const sign = view.getUint16(at + 4);
    let digits = 0;
    for (let j = 0, q = at + 8; j < count && j < 4; j++, q += 2) digits = digits * 10_000 + view.getUint16(q);
    // the product and the quotient are exact below 2^53
    const value = exponent >= 0 ? digits * (POWERS[exponent] ?? Infinity) : digits / (POWERS[-exponent] ?? 1);
    const exact = count <= 4 && digits <= SAFE && value < limit && (exponent >= 0 || value === Math.floor(value));
    if (!exact || sign >= SIGN_SPECIAL || exponent < -22) {
      if (count === 0 && sign < SIGN_SPECIAL) column.setValue(row, 0n);
      else decodeLarge(column, { run, at, row, special });
      continue;
    }
    const signed = sign === SIGN_NEGATIVE ? -value : value;
    const high = Math.floor(signed / TWO_32);
    words[4 * row] = signed - high * TWO_32;
    words[4 * row + 1] = high;
    words[4 * row + 2] = words[4 * row + 3] = high < 0 ? -1 : 0;
  }
}

interface LargeCell {
  readonly run: CellRun;
  readonly at: number;
  readonly row: number;
  readonly special: SpecialValues;
}

function decodeLarge(column: DecimalColumn, { run, at, row, special }: LargeCell): void {
  const number = readNumeric(run.view, at);
  if (number === undefined) {
    if (special === 'null') column.setNull(row);
    else failOnCell(column.field, 'NaN or an infinite number', 'DECIMAL');
    return;
  }
  const { digits, exponent } = number;
  const shift = exponent + column.scale;
  const unscaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  const exact = shift >= 0 || unscaled * 10n ** BigInt(-shift) === digits;
  const bound = 10n ** BigInt(column.precision);
  if (!exact || unscaled >= bound || -unscaled >= bound)
    failOnCell(column.field, `a number that ${String(column.field.type)} cannot hold exactly`, 'default_scale');
  column.setValue(row, unscaled);
}

/** The number digits * 10^exponent; undefined for NaN and the infinities. */
export function readNumeric(
  view: DataView,
  at: number,
): { readonly digits: bigint; readonly exponent: number } | undefined {
  const count = view.getUint16(at);
  const sign = view.getUint16(at + 4);
  if (sign >= SIGN_SPECIAL) return undefined;
  let digits = 0n;
  for (let j = 0; j < count; j++) digits = digits * 10_000n + BigInt(view.getUint16(at + 8 + 2 * j));
  const exponent = 4 * (view.getInt16(at + 2) - count + 1);
  return { digits: sign === SIGN_NEGATIVE ? -digits : digits, exponent: count === 0 ? 0 : exponent };
}
