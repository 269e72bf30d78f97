/** `toString()` of Java's types of an argument: a decimal, local and zoned date-times, a time; the rest is its text. */
export function javaText({ kind, text }: { readonly kind: string; readonly text: string }): string {
  if (kind === 'd') return bigDecimalText(text);
  if (kind === 't') return localText(text);
  if (kind === 'c') return clockText(text);
  if (kind !== 'z') return text;
  const [local = '', zone = '', offset = ''] = text.split('|');
  const shown = offset === '+00:00' ? 'Z' : offset;
  return `${localText(local)}${shown}${/^[-+]/.test(zone) ? '' : `[${zone}]`}`;
}

function localText(text: string): string {
  const [date = '', clock] = text.split('T');
  return clock === undefined ? date : `${date}T${clockText(clock)}`;
}

/** Seconds only where there are any, the fraction in groups of three digits. */
function clockText(text: string): string {
  const [clock = '', fraction = ''] = text.split('.');
  const digits = fraction.slice(0, 9).replace(/0+$/, '');
  if (digits !== '') return `${clock}.${digits.padEnd(Math.ceil(digits.length / 3) * 3, '0')}`;
  return clock.endsWith(':00') ? clock.slice(0, -3) : clock;
}

/** A very small decimal is written with an exponent. */
function bigDecimalText(text: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, '');
  const exponent = digits.length - 1 - fraction.length;
  if (fraction === '' || exponent >= -6) return text;
  const rest = digits.slice(1);
  return `${sign}${digits[0] ?? '0'}${rest === '' ? '' : `.${rest}`}E${exponent}`;
}
