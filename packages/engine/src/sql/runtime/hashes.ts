const MASK = (1n << 64n) - 1n;
const rotate = (value: bigint, by: bigint) => ((value << by) | (value >> (64n - by))) & MASK;
const multiply = (a: bigint, b: bigint) => (a * b) & MASK;

function word(bytes: Uint8Array, offset: number, size: number): bigint {
  let value = 0n;
  for (let index = Math.min(size, bytes.length - offset) - 1; index >= 0; index--) {
    value = (value << 8n) | BigInt(bytes[offset + index] ?? 0);
  }
  return value;
}

const C1 = 0x87c37b91114253d5n;
const C2 = 0x4cf5ad432745937fn;

function finish(value: bigint): bigint {
  let h = value;
  h = multiply(h ^ (h >> 33n), 0xff51afd7ed558ccdn);
  h = multiply(h ^ (h >> 33n), 0xc4ceb9fe1a85ec53n);
  return h ^ (h >> 33n);
}

/** MurmurHash3 x64 128 with seed 0, both words big-endian as Trino writes them. */
export function murmur3(bytes: Uint8Array): Uint8Array {
  const mix1 = (k: bigint) => multiply(rotate(multiply(k, C1), 31n), C2);
  const mix2 = (k: bigint) => multiply(rotate(multiply(k, C2), 33n), C1);
  let h1 = 0n;
  let h2 = 0n;
  const body = bytes.length - (bytes.length % 16);
  for (let offset = 0; offset < body; offset += 16) {
    h1 ^= mix1(word(bytes, offset, 8));
    h1 = (multiply((rotate(h1, 27n) + h2) & MASK, 5n) + 0x52dce729n) & MASK;
    h2 ^= mix2(word(bytes, offset + 8, 8));
    h2 = (multiply((rotate(h2, 31n) + h1) & MASK, 5n) + 0x38495ab5n) & MASK;
  }
  const rest = bytes.length - body;
  if (rest > 8) h2 ^= mix2(word(bytes, body + 8, rest - 8));
  if (rest > 0) h1 ^= mix1(word(bytes, body, Math.min(8, rest)));
  h1 ^= BigInt(bytes.length);
  h2 ^= BigInt(bytes.length);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  h1 = finish(h1);
  h2 = finish(h2);
  h1 = (h1 + h2) & MASK;
  h2 = (h2 + h1) & MASK;
  const result = new Uint8Array(16);
  const target = new DataView(result.buffer);
  target.setBigUint64(0, h1, true);
  target.setBigUint64(8, h2, true);
  return result;
}

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

/** XXH64 with seed 0. */
export function xxhash64(bytes: Uint8Array): bigint {
  const round = (sum: bigint, input: bigint) => multiply(rotate((sum + multiply(input, P2)) & MASK, 31n), P1);
  let offset = 0;
  let hash = P5;
  if (bytes.length >= 32) {
    let lanes = [(P1 + P2) & MASK, P2, 0n, (MASK + 1n - P1) & MASK];
    for (; offset + 32 <= bytes.length; offset += 32) {
      lanes = lanes.map((lane, index) => round(lane, word(bytes, offset + 8 * index, 8)));
    }
    const shifts = [1n, 7n, 12n, 18n];
    hash = lanes.reduce((sum, lane, index) => (sum + rotate(lane, shifts[index] ?? 0n)) & MASK, 0n);
    for (const lane of lanes) hash = (multiply(hash ^ round(0n, lane), P1) + P4) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; offset + 8 <= bytes.length; offset += 8) {
    hash = (multiply(rotate(hash ^ round(0n, word(bytes, offset, 8)), 27n), P1) + P4) & MASK;
  }
  if (offset + 4 <= bytes.length) {
    hash = (multiply(rotate(hash ^ multiply(word(bytes, offset, 4), P1), 23n), P2) + P3) & MASK;
    offset += 4;
  }
  for (; offset < bytes.length; offset++) hash = multiply(rotate(hash ^ multiply(word(bytes, offset, 1), P5), 11n), P1);
  hash = multiply(hash ^ (hash >> 33n), P2);
  hash = multiply(hash ^ (hash >> 29n), P3);
  return hash ^ (hash >> 32n);
}
