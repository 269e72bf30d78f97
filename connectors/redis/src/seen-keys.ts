const LANES = 4;

/**
 * The keys that a scan has given. Redis may give a key twice while its table of keys grows or shrinks, and a key is one row. Kept are 128 bits
 * of each key, mixed with a random start: two of a million keys would be taken for one once in 10^26 scans.
 */
export class SeenKeys {
  readonly #seeds = crypto.getRandomValues(new Uint32Array(LANES));
  readonly #hash = new Uint32Array(LANES);
  #slots: Uint32Array = new Uint32Array(1024 * LANES);
  #count = 0;

  /** True the first time a key is given. */
  add(key: Uint8Array): boolean {
    this.#mix(key);
    if (!this.#insert(this.#slots, this.#hash)) return false;
    if (++this.#count * LANES * 3 > this.#slots.length * 2) this.#grow();
    return true;
  }

  #insert(slots: Uint32Array, hash: Uint32Array): boolean {
    const mask = slots.length / LANES - 1;
    for (let at = (hash[0] ?? 0) & mask; ; at = (at + 1) & mask) {
      const base = at * LANES;
      if (isEmpty(slots, base)) {
        slots.set(hash, base);
        return true;
      }
      if (isSame(slots, base, hash)) return false;
    }
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let base = 0; base < this.#slots.length; base += LANES)
      if (!isEmpty(this.#slots, base)) this.#insert(larger, this.#slots.subarray(base, base + LANES));
    this.#slots = larger;
  }

  /** Four lanes that each see every byte and, at every step, their neighbour. */
  #mix(key: Uint8Array): void {
    let [a = 0, b = 0, c = 0, d = 0] = this.#seeds;
    for (const byte of key) {
      a = Math.imul(a ^ byte, 0x85ebca6b) + d;
      b = Math.imul(b ^ byte, 0xc2b2ae35) + a;
      c = Math.imul(c ^ byte, 0x27d4eb2f) + (b >>> 15);
      d = Math.imul(d ^ byte, 0x165667b1) + (c >>> 13);
      a = (a << 13) | (a >>> 19);
    }
    for (let round = 0; round < 3; round++) {
      a = Math.imul(a ^ (d >>> 16) ^ key.length, 0x85ebca6b);
      b = Math.imul(b ^ (a >>> 13), 0xc2b2ae35);
      c = Math.imul(c ^ (b >>> 16), 0x27d4eb2f);
      d = Math.imul(d ^ (c >>> 15), 0x165667b1);
    }
    this.#hash.set([a, b, c, d | 1]);
  }
}

/** Of every hash the last bit is set. */
function isEmpty(slots: Uint32Array, base: number): boolean {
  return slots[base + LANES - 1] === 0;
}

function isSame(slots: Uint32Array, base: number, hash: Uint32Array): boolean {
  return (
    slots[base] === hash[0] && slots[base + 1] === hash[1] && slots[base + 2] === hash[2] && slots[base + 3] === hash[3]
  );
}
