/** Bits from `offset` on, `length` of them, as a bitmap that begins at bit 0. A view where no bit has to move. */
export function bitsFrom(bitmap: Uint8Array, offset: number, length: number): Uint8Array {
  const size = (length + 7) >> 3;
  const first = offset >> 3;
  const shift = offset & 7;
  if (shift === 0) return bitmap.subarray(first, first + size);
  const moved = new Uint8Array(size);
  for (let index = 0; index < size; index++) {
    const low = bitmap[first + index] ?? 0;
    const high = bitmap[first + index + 1] ?? 0;
    moved[index] = (low >> shift) | (high << (8 - shift));
  }
  return moved;
}
