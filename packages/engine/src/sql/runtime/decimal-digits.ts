/** Digits and the power of ten of the first one: `12.5` is 125 and 1. Zero has no digits. */
function digitsOf(text: string): { readonly digits: string; readonly exponent: number } {
  const [mantissa = '0', power = '0'] = text.toLowerCase().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const all = `${whole}${fraction}`;
  const digits = all.replace(/^0+/, '');
  return { digits, exponent: Number(power) + whole.length - 1 - (all.length - digits.length) };
}

/** A text without sign as a whole number of units of 10^-places, rounded half up. */
function rounded(text: string, places: number): bigint {
  const { digits, exponent } = digitsOf(text);
  const kept = exponent + 1 + places;
  if (digits === '' || kept < 0) return 0n;
  const padded = digits.padEnd(kept + 1, '0');
  return BigInt(padded.slice(0, kept) || '0') + (Number(padded[kept]) >= 5 ? 1n : 0n);
}

/** With so many digits after the point. */
export function fixed(text: string, places: number): string {
  const all = rounded(text, places)
    .toString()
    .padStart(places + 1, '0');
  return places === 0 ? all : `${all.slice(0, -places)}.${all.slice(-places)}`;
}

/** `d.ddde±nn`. */
export function scientific(text: string, places: number): string {
  const { digits, exponent } = digitsOf(text);
  if (digits === '') return `${fixed('0', places)}e+00`;
  const unit = rounded(text, places - exponent).toString();
  const shown = unit.length > places + 1 ? exponent + 1 : exponent;
  const kept = unit.slice(0, places + 1);
  const mantissa = places === 0 ? kept : `${kept.slice(0, 1)}.${kept.slice(1)}`;
  return `${mantissa}e${shown < 0 ? '-' : '+'}${String(Math.abs(shown)).padStart(2, '0')}`;
}

/** So many significant digits, with an exponent for what is below 10^-4 or has more digits before the point. */
export function general(text: string, precision: number): string {
  const significant = Math.max(1, precision);
  const { digits, exponent } = digitsOf(text);
  if (digits === '') return fixed('0', significant - 1);
  const unit = rounded(text, significant - 1 - exponent).toString();
  const shown = unit.length > significant ? exponent + 1 : exponent;
  return shown < -4 || shown >= significant ? scientific(text, significant - 1) : fixed(text, significant - 1 - shown);
}
