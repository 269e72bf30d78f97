import { emptySketch, estimate, makeSketch, mergeSketches } from './hyperloglog.ts';
import { jsFunction, type JsFunction } from './js-function.ts';
import { makeDigest, mergeDigests, quantileAtValue, readDigest, valueAtQuantile, writeDigest } from './tdigest.ts';

const numbers = (values: readonly (number | null)[]) => values.map((value) => value ?? 0);

/** Bins of a numeric histogram: the two nearest are joined until there are no more than wanted. */
function bins(count: number, values: readonly number[], weights: readonly number[]) {
  const sorted = values.map((mean, index) => ({ mean, weight: weights[index] ?? 1 })).sort((a, b) => a.mean - b.mean);
  const joined: { mean: number; weight: number }[] = [];
  for (const bin of sorted) {
    const last = joined.at(-1);
    if (last?.mean === bin.mean) last.weight += bin.weight;
    else joined.push({ ...bin });
  }
  while (joined.length > count) {
    let nearest = 0;
    const gap = (index: number) => (joined[index + 1]?.mean ?? Infinity) - (joined[index]?.mean ?? 0);
    for (let index = 1; index + 1 < joined.length; index++) if (gap(index) < gap(nearest)) nearest = index;
    const [a, b] = [joined[nearest], joined[nearest + 1]];
    if (!a || !b) break;
    const weight = a.weight + b.weight;
    joined.splice(nearest, 2, { mean: (a.mean * a.weight + b.mean * b.weight) / weight, weight });
  }
  return joined;
}

/** Sketches: their bytes are made and read here, since DuckDB has no such types. */
export const SKETCH_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('hll_make', ['BIGINT[]'], 'BLOB', makeSketch),
  jsFunction('hll_empty', ['BOOLEAN'], 'BLOB', emptySketch),
  jsFunction('hll_merge', ['BLOB[]'], 'BLOB', mergeSketches),
  jsFunction('hll_cardinality', ['BLOB'], 'BIGINT', estimate),
  jsFunction('tdigest_make', ['DOUBLE[]', 'DOUBLE[]'], 'BLOB', (values, weights) =>
    writeDigest(makeDigest(numbers(values), numbers(weights))),
  ),
  jsFunction('tdigest_merge', ['BLOB[]'], 'BLOB', (digests) =>
    writeDigest(mergeDigests(digests.flatMap((bytes) => (bytes === null ? [] : [readDigest(bytes)])))),
  ),
  jsFunction('tdigest_scale', ['BLOB', 'DOUBLE'], 'BLOB', (bytes, factor) => {
    const digest = readDigest(bytes);
    return writeDigest({ ...digest, weights: digest.weights.map((weight) => weight * factor) });
  }),
  jsFunction('tdigest_value', ['BLOB', 'DOUBLE'], 'DOUBLE', (bytes, quantile) =>
    valueAtQuantile(readDigest(bytes), quantile),
  ),
  jsFunction('tdigest_quantile', ['BLOB', 'DOUBLE'], 'DOUBLE', (bytes, value) =>
    quantileAtValue(readDigest(bytes), value),
  ),
  jsFunction('bin_means', ['BIGINT', 'DOUBLE[]', 'DOUBLE[]'], 'DOUBLE[]', (count, values, weights) =>
    bins(Number(count), numbers(values), numbers(weights)).map(({ mean }) => mean),
  ),
  jsFunction('bin_weights', ['BIGINT', 'DOUBLE[]', 'DOUBLE[]'], 'DOUBLE[]', (count, values, weights) =>
    bins(Number(count), numbers(values), numbers(weights)).map(({ weight }) => weight),
  ),
];
