const FIRST_YEAR = 0;
const LAST_YEAR = 9999;

const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days from 1970-01-01 to the first day of each year 0 to 9999 of the proleptic Gregorian calendar, as MySQL counts. */
const YEAR_START = makeYearStarts();
/** Days before the month: by `month`, of leap years by `month + 16`; and the number of days of the month likewise. */
const MONTH_START = new Int32Array(32);
const MONTH_DAYS = new Int32Array(32);
for (let month = 1; month <= 12; month++) {
  const start = DAYS_BEFORE_MONTH[month - 1] ?? 0;
  const days = (DAYS_BEFORE_MONTH[month] ?? 0) - start;
  MONTH_START[month] = start;
  MONTH_START[month + 16] = month > 2 ? start + 1 : start;
  MONTH_DAYS[month] = days;
  MONTH_DAYS[month + 16] = month === 2 ? 29 : days;
}

const LEAP = new Uint8Array(LAST_YEAR + 1);
for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) LEAP[year] = isLeapYear(year) ? 16 : 0;

function makeYearStarts(): Int32Array {
  const starts = new Int32Array(LAST_YEAR + 1);
  let days = -719_528;
  for (let year = FIRST_YEAR; year <= LAST_YEAR; year++) {
    starts[year] = days;
    days += isLeapYear(year) ? 366 : 365;
  }
  return starts;
}

/** What `daysFromDate` answers for a date that is not in the calendar, such as MySQL's zero date. */
export const NO_DATE = -0x80000000;

/** Days since 1970-01-01; NO_DATE for month 0, day 0, 30 February, or a year after 9999. */
export function daysFromDate(year: number, month: number, day: number): number {
  if (year > LAST_YEAR || month === 0 || month > 12) return NO_DATE;
  const index = month + (LEAP[year] ?? 0);
  if (day === 0 || day > (MONTH_DAYS[index] ?? 0)) return NO_DATE;
  return (YEAR_START[year] ?? 0) + (MONTH_START[index] ?? 0) + day - 1;
}

/** The date of a number of days since 1970-01-01; undefined outside of the years 0 to 9999. */
export function dateFromDays(days: number): { year: number; month: number; day: number } | undefined {
  const date = new Date(days * 86_400_000);
  const year = date.getUTCFullYear();
  if (Number.isNaN(year) || year < FIRST_YEAR || year > LAST_YEAR) return undefined;
  return { year, month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}
