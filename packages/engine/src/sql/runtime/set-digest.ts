import { murmur3 } from './hashes.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

/** As many hashes as Trino keeps; up to so many different values everything is exact. */
const KEPT = 8192;
const ENTRY = 12;

type Counts = ReadonlyMap<bigint, number>;

function read(bytes: Uint8Array): Counts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const counts = new Map<bigint, number>();
  for (let offset = 0; offset + ENTRY <= bytes.length; offset += ENTRY)
    counts.set(view.getBigInt64(offset), view.getInt32(offset + 8));
  return counts;
}

/** The hashes in their order, each with the number of its values. */
function write(counts: Counts): Uint8Array {
  const bytes = new Uint8Array(counts.size * ENTRY);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const [hash, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    view.setBigInt64(offset, hash);
    view.setInt32(offset + 8, count);
    offset += ENTRY;
  }
  return bytes;
}

function make(values: readonly (Uint8Array | null)[]): Uint8Array {
  const counts = new Map<bigint, number>();
  for (const value of values) {
    if (value === null) continue;
    const hash = new DataView(murmur3(value).buffer).getBigInt64(0, true);
    counts.set(hash, (counts.get(hash) ?? 0) + 1);
  }
  return write(counts);
}

function merge(digests: readonly (Uint8Array | null)[]): Uint8Array {
  const counts = new Map<bigint, number>();
  for (const digest of digests)
    if (digest) for (const [hash, count] of read(digest)) counts.set(hash, (counts.get(hash) ?? 0) + count);
  return write(counts);
}

const least = (counts: Counts) => [...counts].slice(0, KEPT);

function intersection(left: Uint8Array, right: Uint8Array): bigint {
  const [a, b] = [read(left), read(right)];
  return BigInt([...a.keys()].filter((hash) => b.has(hash)).length);
}

/** The share of common hashes among the least ones of both, as many as the smaller digest holds. */
function jaccard(left: Uint8Array, right: Uint8Array): number {
  const [a, b] = [new Map(least(read(left))), new Map(least(read(right)))];
  const size = Math.min(a.size, b.size);
  const union = [...new Set([...a.keys(), ...b.keys()])].sort((x, y) => (x < y ? -1 : 1)).slice(0, size);
  return union.filter((hash) => a.has(hash) && b.has(hash)).length / size;
}

/** Set digests: the hashes of the values (MurmurHash3, as Trino's) and how often each came. */
export const SET_DIGEST_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('set_digest_make', ['BLOB[]'], 'BLOB', make),
  jsFunction('set_digest_merge', ['BLOB[]'], 'BLOB', merge),
  jsFunction('set_digest_cardinality', ['BLOB'], 'BIGINT', (bytes) => BigInt(bytes.length / ENTRY)),
  jsFunction('set_digest_intersection', ['BLOB', 'BLOB'], 'BIGINT', intersection),
  jsFunction('set_digest_jaccard', ['BLOB', 'BLOB'], 'DOUBLE', jaccard),
  jsFunction('set_digest_hashes', ['BLOB'], 'BIGINT[]', (bytes) => least(read(bytes)).map(([hash]) => hash)),
  jsFunction('set_digest_counts', ['BLOB'], 'BIGINT[]', (bytes) => least(read(bytes)).map(([, n]) => BigInt(n))),
];
