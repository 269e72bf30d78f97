import { functionError } from './errors.ts';
import { jsFunction, jsNullFunction, type JsFunction } from './js-function.ts';
import { beta, inverseBeta, inverseNormal, normal, student, studentDensity } from './distributions.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

function bitCount(value: bigint, bits: bigint): bigint {
  if (bits < 2n || bits > 64n) throw invalid(`Bits specified in bit_count must be between 2 and 64, got ${bits}`);
  const low = -(1n << (bits - 1n));
  const high = (1n << (bits - 1n)) - 1n;
  if (value < low || value > high)
    throw invalid(
      `Number must be representable with the bits specified. ${value} cannot be represented with ${bits} bits`,
    );
  return BigInt(BigInt.asUintN(Number(bits), value).toString(2).replaceAll('0', '').length);
}

/** Java takes the lowest six bits of a shift's width, so that a negative one is a wide one. */
function leftShift(value: bigint, shift: bigint, width: number): bigint {
  return shift >= BigInt(width) ? 0n : BigInt.asIntN(width, value << BigInt.asUintN(6, shift));
}

function rightShift(value: bigint, shift: bigint, width: number): bigint {
  if (shift >= BigInt(width)) return 0n;
  return BigInt.asIntN(width, BigInt.asUintN(width, value) >> BigInt.asUintN(6, shift));
}

function fromBase(text: string, radix: bigint): bigint {
  if (radix < 2n || radix > 36n) throw invalid(`Radix must be between 2 and 36`);
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, Number(radix));
  const match = /^([+-]?)([0-9a-z]+)$/i.exec(text);
  const body = match?.[2]?.toLowerCase() ?? '';
  if (!match || [...body].some((digit) => !digits.includes(digit))) {
    throw invalid(`Not a valid base-${radix} number: ${text}`);
  }
  const size = [...body].reduce((sum, digit) => sum * radix + BigInt(digits.indexOf(digit)), 0n);
  const value = match[1] === '-' ? -size : size;
  if (value !== BigInt.asIntN(64, value)) throw invalid(`Not a valid base-${radix} number: ${text}`);
  return value;
}

function toBase(value: bigint, radix: bigint): string {
  if (radix < 2n || radix > 36n) throw invalid('Radix must be between 2 and 36');
  return value.toString(Number(radix));
}

/** Rounds half away from zero at a decimal place, on the shortest decimal text, as Trino's BigDecimal does. */
function roundDouble(value: number, places: number): number {
  if (!Number.isFinite(value)) return value;
  const sign = value < 0 ? -1 : 1;
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  const shifted = Number(`${mantissa}e${Number(power) + places}`);
  if (!Number.isFinite(shifted) || shifted >= 9_007_199_254_740_992) return value;
  const rounded = Math.floor(shifted + 0.5);
  const [back = '0', exponent = '0'] = rounded.toExponential().split('e');
  return sign * Number(`${back}e${Number(exponent) - places}`);
}

function truncateDouble(value: number, places: number): number {
  if (!Number.isFinite(value)) return value;
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  const shifted = Math.floor(Number(`${mantissa}e${Number(power) + places}`));
  return Math.sign(value) * Number(`${shifted}e${-places}`);
}

function widthBucket(operand: number, low: number, high: number, count: bigint): bigint {
  if (count <= 0n) throw invalid('bucketCount must be greater than 0');
  if (Number.isNaN(operand)) throw invalid('operand must not be NaN');
  if (!Number.isFinite(low)) throw invalid('first bound must be finite');
  if (!Number.isFinite(high)) throw invalid('second bound must be finite');
  if (low === high) throw invalid('bounds cannot equal each other');
  const lower = Math.min(low, high);
  const upper = Math.max(low, high);
  const bucket =
    operand < lower
      ? 0n
      : operand >= upper
        ? count + 1n
        : BigInt(Math.floor((Number(count) * (operand - lower)) / (upper - lower))) + 1n;
  return low > high ? count - bucket + 1n : bucket;
}

function widthBucketOf(operand: number, bins: readonly (number | null)[]): bigint {
  if (bins.length === 0) throw invalid('Bins cannot be an empty array');
  if (Number.isNaN(operand)) throw invalid('Operand cannot be NaN');
  let lower = 0;
  let upper = bins.length;
  while (lower < upper) {
    const middle = Math.floor((lower + upper) / 2);
    const bin = bins[middle] ?? NaN;
    if (!Number.isFinite(bin)) throw invalid(`Bin value must be finite, got ${bin}`);
    if ((bins[lower] ?? 0) > (bins[upper - 1] ?? 0)) throw invalid('Bin values are not sorted in ascending order');
    if (operand < bin) upper = middle;
    else lower = middle + 1;
  }
  return BigInt(lower);
}

function wilson(successes: bigint, trials: bigint, z: number, sign: number): number {
  if (successes < 0n) throw invalid('number of successes must not be negative');
  if (trials <= 0n) throw invalid('number of trials must be positive');
  if (successes > trials) throw invalid('number of successes must not be larger than number of trials');
  if (z < 0) throw invalid('z-score must not be negative');
  const n = Number(trials);
  const p = Number(successes) / n;
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return (p + (z * z) / (2 * n) + sign * spread) / (1 + (z * z) / n);
}

const vectors = (x: readonly (number | null)[], y: readonly (number | null)[]) => {
  if (x.length !== y.length) throw invalid('The arguments must have the same length');
  return x.some((value) => value === null) || y.some((value) => value === null)
    ? null
    : { x: x.map(Number), y: y.map(Number) };
};
const dot = (x: readonly number[], y: readonly number[]) =>
  x.reduce((sum, value, index) => sum + value * (y[index] ?? 0), 0);

function cosine(x: readonly (number | null)[], y: readonly (number | null)[]): number | null {
  const both = vectors(x, y);
  if (!both) return null;
  const size = Math.sqrt(dot(both.x, both.x)) * Math.sqrt(dot(both.y, both.y));
  if (size === 0) throw invalid('Vector magnitude cannot be zero');
  return dot(both.x, both.y) / size;
}

/** Mathematical functions that DuckDB lacks or defines otherwise. */
export const NUMBER_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('bit_count', ['BIGINT', 'BIGINT'], 'BIGINT', bitCount),
  jsFunction('left_shift', ['BIGINT', 'BIGINT', 'INTEGER'], 'BIGINT', leftShift),
  jsFunction('right_shift', ['BIGINT', 'BIGINT', 'INTEGER'], 'BIGINT', rightShift),
  jsFunction('fmod', ['DOUBLE', 'DOUBLE'], 'DOUBLE', (a, b) => a % b),
  jsFunction('to_real', ['DOUBLE'], 'FLOAT', Math.fround),
  jsFunction('from_base', ['VARCHAR', 'BIGINT'], 'BIGINT', fromBase),
  jsFunction('to_base', ['BIGINT', 'BIGINT'], 'VARCHAR', toBase),
  jsFunction('round_double', ['DOUBLE', 'INTEGER'], 'DOUBLE', roundDouble),
  jsFunction('round_real', ['FLOAT', 'INTEGER'], 'FLOAT', roundDouble),
  jsFunction('truncate_double', ['DOUBLE', 'INTEGER'], 'DOUBLE', truncateDouble),
  jsFunction('width_bucket', ['DOUBLE', 'DOUBLE', 'DOUBLE', 'BIGINT'], 'BIGINT', widthBucket),
  jsFunction('width_bucket_of', ['DOUBLE', 'DOUBLE[]'], 'BIGINT', widthBucketOf),
  jsFunction('wilson_lower', ['BIGINT', 'BIGINT', 'DOUBLE'], 'DOUBLE', (s, n, z) => wilson(s, n, z, -1)),
  jsFunction('wilson_upper', ['BIGINT', 'BIGINT', 'DOUBLE'], 'DOUBLE', (s, n, z) => wilson(s, n, z, 1)),
  jsFunction('normal_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', normal),
  jsFunction('inverse_normal_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', inverseNormal),
  jsFunction('beta_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', beta),
  jsFunction('inverse_beta_cdf', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE', inverseBeta),
  jsFunction('t_cdf', ['DOUBLE', 'DOUBLE'], 'DOUBLE', student),
  jsFunction('t_pdf', ['DOUBLE', 'DOUBLE'], 'DOUBLE', studentDensity),
  jsFunction('cosine_similarity', ['DOUBLE[]', 'DOUBLE[]'], 'DOUBLE', cosine),
  jsFunction('dot_product', ['DOUBLE[]', 'DOUBLE[]'], 'DOUBLE', (x, y) => {
    const both = vectors(x, y);
    return both && dot(both.x, both.y);
  }),
  jsFunction('euclidean_distance', ['DOUBLE[]', 'DOUBLE[]'], 'DOUBLE', (x, y) => {
    const both = vectors(x, y);
    return both && Math.hypot(...both.x.map((value, index) => value - (both.y[index] ?? 0)));
  }),
  jsNullFunction('cosine_maps', ['VARCHAR[]', 'DOUBLE[]', 'VARCHAR[]', 'DOUBLE[]'], 'DOUBLE', (k, v, l, w) => {
    if (!k || !v || !l || !w || [...v, ...w].some((value) => value === null)) return null;
    const other = new Map(l.map((key, index) => [key, w[index] ?? 0]));
    const product = k.reduce((sum, key, index) => sum + (v[index] ?? 0) * (other.get(key) ?? 0), 0);
    const size = Math.sqrt(dot(v.map(Number), v.map(Number))) * Math.sqrt(dot(w.map(Number), w.map(Number)));
    return size === 0 ? null : product / size;
  }),
];
