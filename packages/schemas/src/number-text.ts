const NUMBER = /^[-+]?0*(\d*?)(?:\.(\d*?)0*)?(?:[eE]([-+]?\d+))?$/;

/** Digits before and after the decimal point, written without exponent. @throws TypeError */
export function countDigits(text: string): { readonly integerDigits: number; readonly scale: number } {
  const match = NUMBER.exec(text);
  if (match === null) throw new TypeError(`"${text}" is no number`);
  const [, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return { integerDigits: 0, scale: 0 };
  const shift = Number(exponent);
  const leadingZeros = whole === '' ? (/^0*/.exec(fraction)?.[0].length ?? 0) : 0;
  // 1200e-2 is 12: zeros at the end of the whole part need no scale
  const trailingZeros = fraction === '' ? (/0*$/.exec(whole)?.[0].length ?? 0) : 0;
  return {
    integerDigits: Math.max(0, whole.length - leadingZeros + shift),
    scale: Math.max(0, fraction.length - trailingZeros - shift),
  };
}

/** True when the number comes back from a double with all its digits. */
export function isDouble(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (text.length <= 15) return value !== 0 || !/[1-9]/.test(text.replace(/[eE].*$/, ''));
  return canonical(String(value)) === canonical(text);
}

/** Digits and exponent of a number text, such that equal numbers have equal forms. */
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}
