const MASK = (1n << 64n) - 1n;
const CONSTANT = 0xdeadbeefdeadbeefn;
/** messages from this length on are hashed with twelve words of state */
const LONG = 192;
const BLOCK = 96;

const rotate = (value: bigint, by: number) => ((value << BigInt(by)) | (value >> BigInt(64 - by))) & MASK;

function word(bytes: Uint8Array, offset: number, size = 8): bigint {
  let value = 0n;
  for (let index = Math.min(size, bytes.length - offset) - 1; index >= 0; index--)
    value = (value << 8n) | BigInt(bytes[offset + index] ?? 0);
  return value;
}

/** State words that wrap at 64 bits. */
const state = (values: readonly bigint[]) => BigUint64Array.from(values);
const at = (words: BigUint64Array, index: number) =>
  words[((index % words.length) + words.length) % words.length] ?? 0n;
function put(words: BigUint64Array, index: number, value: bigint): void {
  words[((index % words.length) + words.length) % words.length] = value & MASK;
}

const SHORT_MIX = [50, 52, 30, 41, 54, 48, 38, 37, 62, 34, 5, 36];
const SHORT_END = [15, 52, 26, 51, 28, 9, 47, 54, 32, 25, 63];

function shortMix(h: BigUint64Array): void {
  for (const [step, by] of SHORT_MIX.entries()) {
    const index = step + 2;
    put(h, index, rotate(at(h, index), by) + at(h, index + 1));
    put(h, index + 2, at(h, index + 2) ^ at(h, index));
  }
}

function shortEnd(h: BigUint64Array): void {
  for (const [step, by] of SHORT_END.entries()) {
    const index = step + 3;
    put(h, index, at(h, index) ^ at(h, index - 1));
    put(h, index - 1, rotate(at(h, index - 1), by));
    put(h, index, at(h, index) + at(h, index - 1));
  }
}

function shortHash(bytes: Uint8Array): bigint {
  const h = state([0n, 0n, CONSTANT, CONSTANT]);
  let offset = 0;
  const add = (first: number) => {
    put(h, first, at(h, first) + word(bytes, offset));
    put(h, first + 1, at(h, first + 1) + word(bytes, offset + 8));
    offset += 16;
  };
  while (bytes.length - offset >= 32) {
    add(2);
    shortMix(h);
    add(0);
  }
  if (bytes.length - offset >= 16) {
    add(2);
    shortMix(h);
  }
  put(h, 3, at(h, 3) + (BigInt(bytes.length) << 56n));
  const rest = bytes.length - offset;
  put(h, 2, at(h, 2) + (rest === 0 ? CONSTANT : word(bytes, offset)));
  put(h, 3, at(h, 3) + (rest === 0 ? CONSTANT : rest > 8 ? word(bytes, offset + 8) : 0n));
  shortEnd(h);
  return at(h, 0);
}

const MIX = [11, 32, 43, 31, 17, 28, 39, 57, 55, 54, 22, 46];
const END = [44, 15, 34, 21, 38, 33, 10, 13, 38, 53, 42, 54];

function longHash(bytes: Uint8Array): bigint {
  const h = state(Array.from({ length: 12 }, (_unused, index) => (index % 3 === 2 ? CONSTANT : 0n)));
  let offset = 0;
  for (; offset + BLOCK <= bytes.length; offset += BLOCK) {
    for (const [index, by] of MIX.entries()) {
      put(h, index, at(h, index) + word(bytes, offset + 8 * index));
      put(h, index + 2, at(h, index + 2) ^ at(h, index + 10));
      put(h, index + 11, at(h, index + 11) ^ at(h, index));
      put(h, index, rotate(at(h, index), by));
      put(h, index + 11, at(h, index + 11) + at(h, index + 1));
    }
  }
  const last = new Uint8Array(BLOCK);
  last.set(bytes.subarray(offset));
  last[BLOCK - 1] = bytes.length - offset;
  for (let index = 0; index < 12; index++) put(h, index, at(h, index) + word(last, 8 * index));
  for (let round = 0; round < 3; round++) {
    for (const [index, by] of END.entries()) {
      put(h, index + 11, at(h, index + 11) + at(h, index + 1));
      put(h, index + 2, at(h, index + 2) ^ at(h, index + 11));
      put(h, index + 1, rotate(at(h, index + 1), by));
    }
  }
  return at(h, 0);
}

/** SpookyHash V2 with seed 0: the first 64 bits. */
export const spookyHash = (bytes: Uint8Array): bigint => (bytes.length < LONG ? shortHash(bytes) : longHash(bytes));
