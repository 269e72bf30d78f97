import { countDigits } from '../number-text.ts';

/**
 * The unscaled value of a number text: "12.5" of scale 2 is 1250n. undefined: it has more decimal places than `scale`, or more digits
 * than `precision`. @throws TypeError when it is no number
 */
export function parseUnscaled(text: string, precision: number, scale: number): bigint | undefined {
  const { integerDigits, scale: places } = countDigits(text);
  if (places > scale || integerDigits > precision - scale) return undefined;
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = BigInt(`${whole}${fraction}`.replace(/^\+/, ''));
  const shift = Number(exponent) - fraction.length + scale;
  return shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
}
