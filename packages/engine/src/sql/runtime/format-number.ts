const UNITS = ['', 'K', 'M', 'B', 'T', 'Q'];

/** format_number: a whole number with a unit, three significant digits; those of a negative number are two after the point. */
export function formatNumber(value: number): string {
  let scaled = Math.trunc(value);
  let power = 0;
  while (Math.abs(scaled) >= 1000 && power < UNITS.length - 1) {
    scaled /= 1000;
    power++;
  }
  const digits = scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  // toFixed takes the larger of two equally near numbers, so of the size it rounds half up
  const text = String(Number(Math.abs(scaled).toFixed(digits)));
  return `${scaled < 0 && Number(text) !== 0 ? '-' : ''}${text}${UNITS[power] ?? ''}`;
}
