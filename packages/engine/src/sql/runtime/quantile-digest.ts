import { functionError } from './errors.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

/** A digest keeps at most so many values: its error is their share, far below the least accuracy that may be asked for. */
const KEPT = 16_384;
const ENTRY = 16;

interface Entry<T> {
  readonly value: T;
  readonly weight: number;
}
interface Codec<T> {
  readonly get: (view: DataView, offset: number) => T;
  readonly set: (view: DataView, offset: number, value: T) => void;
}

const LONGS: Codec<bigint> = {
  get: (view, offset) => view.getBigInt64(offset),
  set: (view, offset, value) => view.setBigInt64(offset, value),
};
const DOUBLES: Codec<number> = {
  get: (view, offset) => view.getFloat64(offset),
  set: (view, offset, value) => view.setFloat64(offset, value),
};

function read<T>(bytes: Uint8Array, codec: Codec<T>): Entry<T>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / ENTRY }, (_unused, index) => ({
    value: codec.get(view, index * ENTRY),
    weight: view.getFloat64(index * ENTRY + 8),
  }));
}

/** The values in their order, equal ones joined; beyond the limit neighbours are joined to the greater one. */
function write<T extends number | bigint>(entries: readonly Entry<T>[], codec: Codec<T>): Uint8Array {
  // NaN, which is neither less nor more, comes last
  const isNaN = (value: T) => value !== value;
  const sorted = entries.toSorted((a, b) =>
    isNaN(a.value) || isNaN(b.value)
      ? Number(isNaN(a.value)) - Number(isNaN(b.value))
      : a.value < b.value
        ? -1
        : a.value > b.value
          ? 1
          : 0,
  );
  const joined: { value: T; weight: number }[] = [];
  for (const { value, weight } of sorted) {
    const last = joined.at(-1);
    if (last && (last.value === value || (isNaN(last.value) && isNaN(value)))) last.weight += weight;
    else joined.push({ value, weight });
  }
  const kept = joined.length > KEPT ? compress(joined) : joined;
  const bytes = new Uint8Array(kept.length * ENTRY);
  const view = new DataView(bytes.buffer);
  for (const [index, { value, weight }] of kept.entries()) {
    codec.set(view, index * ENTRY, value);
    view.setFloat64(index * ENTRY + 8, weight);
  }
  return bytes;
}

function compress<T>(entries: readonly Entry<T>[]): Entry<T>[] {
  const share = entries.reduce((sum, { weight }) => sum + weight, 0) / (KEPT / 2);
  const kept: Entry<T>[] = [];
  let pending = 0;
  for (const [index, { value, weight }] of entries.entries()) {
    pending += weight;
    if (pending >= share || index === 0 || index === entries.length - 1) {
      kept.push({ value, weight: pending });
      pending = 0;
    }
  }
  return kept;
}

const total = (entries: readonly Entry<unknown>[]) => entries.reduce((sum, { weight }) => sum + weight, 0);

/** The first value with more than the quantile's share of the weight at or below it; the last for 1. */
function valueAt<T>(entries: readonly Entry<T>[], quantile: number): T | null {
  if (!(quantile >= 0 && quantile <= 1))
    throw functionError('INVALID_FUNCTION_ARGUMENT', `Quantile must be within bounds [0, 1], was: ${quantile}`);
  const wanted = quantile * total(entries);
  let weight = 0;
  for (const entry of entries) {
    weight += entry.weight;
    if (weight > wanted) return entry.value;
  }
  return entries.at(-1)?.value ?? null;
}

/** The share of the weight below a value; NULL outside of the values. */
function quantileAt<T extends number | bigint>(entries: readonly Entry<T>[], value: T): number | null {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last || value < first.value || value > last.value) return null;
  return total(entries.filter((entry) => entry.value < value)) / total(entries);
}

function make<T extends number | bigint>(
  values: readonly (T | null)[],
  weights: readonly (number | null)[],
  codec: Codec<T>,
): Uint8Array {
  const entries = values.flatMap((value, index) => {
    const weight = weights[index] ?? 1;
    if (!(weight > 0)) throw functionError('INVALID_FUNCTION_ARGUMENT', `weight must be > 0, was ${weight}`);
    return value === null ? [] : [{ value, weight }];
  });
  return write(entries, codec);
}

const merge = <T extends number | bigint>(digests: readonly (Uint8Array | null)[], codec: Codec<T>) =>
  write(
    digests.flatMap((bytes) => (bytes === null ? [] : read(bytes, codec))),
    codec,
  );

/** Quantile digests: the values in their order with their weights. */
export const QUANTILE_DIGEST_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('qdigest_make_long', ['BIGINT[]', 'DOUBLE[]'], 'BLOB', (v, w) => make(v, w, LONGS)),
  jsFunction('qdigest_make_double', ['DOUBLE[]', 'DOUBLE[]'], 'BLOB', (v, w) => make(v, w, DOUBLES)),
  jsFunction('qdigest_merge_long', ['BLOB[]'], 'BLOB', (digests) => merge(digests, LONGS)),
  jsFunction('qdigest_merge_double', ['BLOB[]'], 'BLOB', (digests) => merge(digests, DOUBLES)),
  jsFunction('qdigest_value_long', ['BLOB', 'DOUBLE'], 'BIGINT', (bytes, q) => valueAt(read(bytes, LONGS), q)),
  jsFunction('qdigest_value_double', ['BLOB', 'DOUBLE'], 'DOUBLE', (bytes, q) => valueAt(read(bytes, DOUBLES), q)),
  jsFunction('qdigest_quantile_long', ['BLOB', 'BIGINT'], 'DOUBLE', (bytes, v) => quantileAt(read(bytes, LONGS), v)),
  jsFunction('qdigest_quantile_double', ['BLOB', 'DOUBLE'], 'DOUBLE', (bytes, v) =>
    quantileAt(read(bytes, DOUBLES), v),
  ),
];
