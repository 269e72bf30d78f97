/** A double as Java's Double.toString writes it, which is what Trino and Athena show: `1.0`, `1.0E10`, `1.0E-4`, `NaN`. */
export function printDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const shortest = value.toExponential();
  // Java shows two digits at least, and chooses them nearest to the value: 4.9E-324, not 5E-324
  return javaNotation(/^-?\de/.test(shortest) ? value.toExponential(1) : shortest);
}

/** A real as Java's Float.toString: the fewest digits that read back as the same float. */
export function printReal(value: number): string {
  if (!Number.isFinite(value) || value === 0) return printDouble(value);
  // as for doubles, Java chooses among two digits where one would do: 1.4E-45
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toExponential(digits);
    if (Math.fround(Number(text)) === value) return javaNotation(text);
  }
  return javaNotation(value.toExponential(8));
}

function javaNotation(exponential: string): string {
  const [mantissa = '', power = '0'] = exponential.split('e');
  const negative = mantissa.startsWith('-');
  const digits = mantissa.replace(/[-.]/g, '').replace(/0+$/, '') || '0';
  const exponent = Number(power);
  const sign = negative ? '-' : '';
  if (exponent < -3 || exponent >= 7) {
    return `${sign}${digits[0] ?? '0'}.${digits.slice(1) || '0'}E${exponent}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

/** A double as `CAST(x AS varchar)` writes it: always `d.dddE±n`. */
export function castDouble(value: number, print: (value: number) => string = printDouble): string {
  if (!Number.isFinite(value)) return printDouble(value);
  if (value === 0) return Object.is(value, -0) ? '-0E0' : '0E0';
  const plain = print(value);
  const [mantissa = '', power] = plain.split('E');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const all = `${whole}${fraction}`;
  const leading = all.length - all.replace(/^0+/, '').length;
  const digits = all.replace(/^0+/, '').replace(/0+$/, '');
  const exponent = Number(power ?? 0) + whole.length - 1 - leading;
  return `${value < 0 ? '-' : ''}${digits[0] ?? '0'}.${digits.slice(1) || '0'}E${exponent}`;
}

/** A decimal's text from its unscaled value. */
export function printDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}

/** A real as `CAST(x AS varchar)` writes it: seven digits at most. */
export function castReal(value: number): string {
  if (!Number.isFinite(value) || value === 0) return castDouble(value);
  const [mantissa = '0', power = '0'] = value.toExponential(6).split('e');
  const text = mantissa.replace(/0+$/, '');
  return `${text.endsWith('.') ? `${text}0` : text}E${Number(power)}`;
}
