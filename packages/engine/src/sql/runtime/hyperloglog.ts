import { functionError } from './errors.ts';

const BUCKETS = 4096;
const MAGIC = [0x48, 0x4c, 0x4c, 0x31];

/** Registers from pairs `bucket * 64 + rank`: each keeps the greatest rank. */
export function makeSketch(pairs: readonly (bigint | null)[]): Uint8Array {
  const bytes = emptySketch();
  for (const pair of pairs) {
    if (pair === null) continue;
    const at = MAGIC.length + Number(pair / 64n);
    bytes[at] = Math.max(bytes[at] ?? 0, Number(pair % 64n));
  }
  return bytes;
}

export function emptySketch(): Uint8Array {
  const bytes = new Uint8Array(MAGIC.length + BUCKETS);
  bytes.set(MAGIC);
  return bytes;
}

export function mergeSketches(sketches: readonly (Uint8Array | null)[]): Uint8Array {
  const merged = emptySketch();
  for (const sketch of sketches) {
    if (sketch === null) continue;
    check(sketch).forEach((rank, at) => {
      if (at >= MAGIC.length) merged[at] = Math.max(merged[at] ?? 0, rank);
    });
  }
  return merged;
}

function check(sketch: Uint8Array): Uint8Array {
  if (sketch.length === MAGIC.length + BUCKETS && MAGIC.every((byte, at) => sketch[at] === byte)) return sketch;
  throw functionError('NOT_SUPPORTED', 'a hyperloglog that another system wrote cannot be read');
}

/** The estimate of Flajolet et al. with linear counting while registers are empty. */
export function estimate(sketch: Uint8Array): bigint {
  const registers = check(sketch).subarray(MAGIC.length);
  let sum = 0;
  let empty = 0;
  for (const rank of registers) {
    sum += 2 ** -rank;
    if (rank === 0) empty++;
  }
  const alpha = 0.7213 / (1 + 1.079 / BUCKETS);
  const raw = (alpha * BUCKETS * BUCKETS) / sum;
  const linear = empty > 0 ? BUCKETS * Math.log(BUCKETS / empty) : Infinity;
  return BigInt(Math.round(raw <= 2.5 * BUCKETS && Number.isFinite(linear) ? linear : raw));
}
