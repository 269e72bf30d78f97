import { functionError } from './errors.ts';

/** Centroids in the order of their means, and the extremes of all values. */
export interface Digest {
  readonly means: readonly number[];
  readonly weights: readonly number[];
  readonly min: number;
  readonly max: number;
}

const MAGIC = 0x54_44_47_31;
const COMPRESSION = 100;

export function makeDigest(values: readonly number[], weights: readonly number[]): Digest {
  const order = values.map((_value, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const means = order.map((index) => values[index] ?? 0);
  return compress({
    means,
    weights: order.map((index) => weights[index] ?? 1),
    min: means[0] ?? NaN,
    max: means.at(-1) ?? NaN,
  });
}

export function mergeDigests(digests: readonly Digest[]): Digest {
  const merged = makeDigest(
    digests.flatMap(({ means }) => means),
    digests.flatMap(({ weights }) => weights),
  );
  const known = digests.filter(({ means }) => means.length > 0);
  return {
    ...merged,
    min: Math.min(...known.map(({ min }) => min)),
    max: Math.max(...known.map(({ max }) => max)),
  };
}

/** Joins neighbours while a centroid stays small enough for its quantile: the tails keep single values. */
function compress(digest: Digest): Digest {
  const { means, weights } = digest;
  if (means.length <= 2 * COMPRESSION) return digest;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const normalizer = COMPRESSION / (4 * Math.log(total / COMPRESSION) + 24);
  const joined: { mean: number; weight: number }[] = [];
  let before = 0;
  let current = { mean: means[0] ?? 0, weight: weights[0] ?? 0 };
  for (let index = 1; index < means.length; index++) {
    const weight = weights[index] ?? 0;
    const both = current.weight + weight;
    const least = Math.min(...[before / total, (before + both) / total].map((quantile) => quantile * (1 - quantile)));
    if (both * normalizer <= total * least) {
      current = { mean: current.mean + (((means[index] ?? 0) - current.mean) * weight) / both, weight: both };
    } else {
      joined.push(current);
      before += current.weight;
      current = { mean: means[index] ?? 0, weight };
    }
  }
  joined.push(current);
  return { ...digest, means: joined.map(({ mean }) => mean), weights: joined.map(({ weight }) => weight) };
}

/** The value at a quantile: a centroid of one value is that value, between others it is interpolated. */
export function valueAtQuantile({ means, weights, min, max }: Digest, quantile: number): number {
  if (!(quantile >= 0 && quantile <= 1)) {
    throw functionError('INVALID_FUNCTION_ARGUMENT', 'quantile must be between 0 and 1');
  }
  if (means.length <= 1) return means[0] ?? NaN;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const offset = quantile * total;
  if (offset < 1) return min;
  if (offset > total - 1) return max;
  const [first = 1] = weights;
  if (offset < first / 2) return between(offset, 1, min, first / 2, means[0] ?? min);
  let position = first / 2;
  for (let index = 0; index + 1 < means.length; index++) {
    const [left = 0, right = 0] = [weights[index], weights[index + 1]];
    const [a = 0, b = 0] = [means[index], means[index + 1]];
    const step = (left + right) / 2;
    if (position + step > offset) {
      if (left === 1 && offset - position < 0.5) return a;
      if (right === 1 && position + step - offset <= 0.5) return b;
      return between(offset, position, a, position + step, b);
    }
    position += step;
  }
  return between(offset, position, means.at(-1) ?? max, total - 1, max);
}

/** The part of the weight that lies below a value, half of what lies at it. */
export function quantileAtValue({ means, weights, min, max }: Digest, value: number): number {
  if (means.length === 0) return NaN;
  if (value < min) return 0;
  if (value > max) return 1;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let position = 0;
  let previous = { mean: min, at: 0 };
  for (let index = 0; index < means.length; index++) {
    const [mean = 0, weight = 0] = [means[index], weights[index]];
    const at = position + weight / 2;
    if (value === mean) return at / total;
    if (value < mean) return between(value, previous.mean, previous.at, mean, at) / total;
    previous = { mean, at };
    position += weight;
  }
  return between(value, previous.mean, previous.at, max, total) / total;
}

function between(x: number, x0: number, y0: number, x1: number, y1: number): number {
  return x1 === x0 ? y0 : y0 + ((x - x0) * (y1 - y0)) / (x1 - x0);
}

export function writeDigest({ means, weights, min, max }: Digest): Uint8Array {
  const bytes = new Uint8Array(20 + 16 * means.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC);
  view.setFloat64(4, min);
  view.setFloat64(12, max);
  means.forEach((mean, index) => view.setFloat64(20 + 16 * index, mean));
  weights.forEach((weight, index) => view.setFloat64(28 + 16 * index, weight));
  return bytes;
}

/** Reads a digest that writeDigest wrote; those of Trino itself have another form. */
export function readDigest(bytes: Uint8Array): Digest {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 20 || view.getUint32(0) !== MAGIC) {
    throw functionError('NOT_SUPPORTED', 'a tdigest that another system wrote cannot be read');
  }
  const count = (bytes.length - 20) / 16;
  const all = Array.from({ length: count }, (_unused, index) => index);
  return {
    min: view.getFloat64(4),
    max: view.getFloat64(12),
    means: all.map((index) => view.getFloat64(20 + 16 * index)),
    weights: all.map((index) => view.getFloat64(28 + 16 * index)),
  };
}
