const view = new DataView(new ArrayBuffer(8));

/** The bits of a double, or of a float. */
export function bitsOf(value: number, isFloat: boolean): bigint {
  if (isFloat) {
    view.setFloat32(0, value);
    return BigInt(view.getUint32(0));
  }
  view.setFloat64(0, value);
  return view.getBigUint64(0);
}

/** Double.hashCode and Float.hashCode. */
export function hashOfNumber(value: number, isFloat: boolean): number {
  const bits = bitsOf(value, isFloat);
  return Number(BigInt.asIntN(32, isFloat ? bits : bits ^ (bits >> 32n)));
}

/** Double.toHexString, which `%a` shows: `0x1.8p0`. */
export function hexOfDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const bits = bitsOf(value, false);
  const sign = bits >> 63n === 1n ? '-' : '';
  if (!Number.isFinite(value)) return `${sign}Infinity`;
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const digits = (bits & 0xfffffffffffffn).toString(16).padStart(13, '0').replace(/0+$/, '') || '0';
  if (exponent > 0) return `${sign}0x1.${digits}p${exponent - 1023}`;
  return `${sign}0x0.${digits}p${digits === '0' ? 0 : -1022}`;
}
