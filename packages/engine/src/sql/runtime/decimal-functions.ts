import { functionError } from './errors.ts';
import { jsFunction, type JsFunction } from './js-function.ts';
import { printDecimal } from './number-text.ts';

interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

export function parseDecimal(text: string): Decimal {
  const [whole = '0', fraction = ''] = text.split('.');
  return { unscaled: BigInt(whole + fraction), scale: fraction.length };
}

const size = (value: bigint) => (value < 0n ? -value : value);

function checked(unscaled: bigint, precision: number, scale: number): string {
  if (size(unscaled) >= 10n ** BigInt(precision)) throw functionError('NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow');
  return printDecimal(unscaled, scale);
}

/** a / b rounded half away from zero */
export function roundedQuotient(a: bigint, b: bigint): bigint {
  const magnitude = (2n * size(a) + size(b)) / (2n * size(b));
  return a < 0n !== b < 0n ? -magnitude : magnitude;
}

function divide(left: string, right: string, precision: number, scale: number): string {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  if (b.unscaled === 0n) throw functionError('DIVISION_BY_ZERO', 'Division by zero');
  const shift = scale + b.scale - a.scale;
  const quotient =
    shift >= 0
      ? roundedQuotient(a.unscaled * 10n ** BigInt(shift), b.unscaled)
      : roundedQuotient(a.unscaled, b.unscaled * 10n ** BigInt(-shift));
  return checked(quotient, precision, scale);
}

function modulo(left: string, right: string, precision: number, scale: number): string {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  if (b.unscaled === 0n) throw functionError('DIVISION_BY_ZERO', 'Division by zero');
  const common = Math.max(a.scale, b.scale);
  const x = a.unscaled * 10n ** BigInt(common - a.scale);
  const y = b.unscaled * 10n ** BigInt(common - b.scale);
  if (size(x / y) >= 2n ** 127n) throw functionError('NUMERIC_VALUE_OUT_OF_RANGE', 'Decimal overflow');
  return checked(x % y, precision, scale);
}

/** Rounds at a place after the point (before it when negative): half away from zero, or toward zero. */
function atPlace(text: string, place: number, truncate: boolean): string {
  const { unscaled, scale } = parseDecimal(text);
  if (place >= scale) return text;
  if (scale - place > 80) return printDecimal(0n, scale);
  const unit = 10n ** BigInt(scale - place);
  const whole = truncate ? unscaled / unit : roundedQuotient(unscaled, unit);
  return printDecimal(whole * unit, scale);
}

function integerAtPlace(value: bigint, place: number, truncate: boolean): bigint {
  const rounded = BigInt(atPlace(value.toString(), place, truncate));
  if (rounded !== BigInt.asIntN(64, rounded))
    throw functionError('NUMERIC_VALUE_OUT_OF_RANGE', `numerical overflow: ${value}`);
  return rounded;
}

/** Decimal arithmetic that DuckDB does not do in decimals, or not at this precision. */
export const DECIMAL_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('divide_decimal', ['VARCHAR', 'VARCHAR', 'INTEGER', 'INTEGER'], 'VARCHAR', divide),
  jsFunction('modulo_decimal', ['VARCHAR', 'VARCHAR', 'INTEGER', 'INTEGER'], 'VARCHAR', modulo),
  jsFunction('round_decimal', ['VARCHAR', 'INTEGER'], 'VARCHAR', (text, place) => atPlace(text, place, false)),
  jsFunction('truncate_decimal', ['VARCHAR', 'INTEGER'], 'VARCHAR', (text, place) => atPlace(text, place, true)),
  jsFunction('round_integer', ['BIGINT', 'INTEGER'], 'BIGINT', (value, place) => integerAtPlace(value, place, false)),
  jsFunction('truncate_integer', ['BIGINT', 'INTEGER'], 'BIGINT', (value, place) => integerAtPlace(value, place, true)),
];
