import { functionError } from './errors.ts';
import {
  PICOS_PER_DAY,
  PICOS_PER_MILLI,
  floorDivide,
  instantOf,
  localOf,
  parseTime,
  parseTimestamp,
  printDate,
  printTime,
  printTimeTz,
  printTimestamp,
  printZoned,
  printDayInterval,
  printYearInterval,
  roundPicos,
} from './instant-text.ts';
import { offsetAt, offsetKey } from './zones.ts';
import { jsFunction, type JsFunction } from './js-function.ts';
import { castDouble, castReal } from './number-text.ts';

const invalid = (message: string) => functionError('INVALID_CAST_ARGUMENT', message);
const INTEGER_RANGES: Readonly<Record<string, readonly [bigint, bigint, string]>> = {
  tinyint: [-128n, 127n, 'TINYINT'],
  smallint: [-32_768n, 32_767n, 'SMALLINT'],
  integer: [-2_147_483_648n, 2_147_483_647n, 'INT'],
  bigint: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n, 'BIGINT'],
};

function textToInteger(text: string, kind: string): bigint {
  const [least, most, name] = INTEGER_RANGES[kind] ?? [0n, 0n, kind];
  const trimmed = text.trim();
  if (/^[+-]?\d+$/.test(trimmed)) {
    const value = BigInt(trimmed.replace(/^\+/, ''));
    if (value >= least && value <= most) return value;
  }
  throw invalid(`Cannot cast '${text}' to ${name}`);
}

/** Rounds half away from zero. */
function doubleToInteger(value: number, kind: string): bigint {
  const [least, most] = INTEGER_RANGES[kind] ?? [0n, 0n];
  if (Number.isNaN(value)) throw invalid(`Cannot cast double NaN to ${kind}`);
  if (Number.isFinite(value)) {
    const rounded = BigInt(Math.sign(value) * Math.floor(Math.abs(value) + 0.5));
    const exact = Math.abs(value) >= 4_503_599_627_370_496 ? BigInt(value) : rounded;
    if (exact >= least && exact <= most) return exact;
  }
  throw functionError('INVALID_CAST_ARGUMENT', `Out of range for ${kind}: ${value}`);
}

const DOUBLE_TEXT = /^[+-]?(?:NaN|Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?)$/;

export function textToDouble(text: string, type: string): number {
  const trimmed = text.trim();
  if (!DOUBLE_TEXT.test(trimmed)) throw invalid(`Cannot cast '${text}' to ${type}`);
  if (/nan/i.test(trimmed)) return NaN;
  if (/inf/i.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  return Number(trimmed.replace(/[dDfF]$/, ''));
}

/** The text of a decimal with the asked scale, rounded half up; DuckDB casts it to the type. */
export function textToDecimal(text: string, precision: number, scale: number): string {
  const what = `Cannot cast VARCHAR '${text}' to DECIMAL(${precision}, ${scale}).`;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  const [, sign = '', whole = '', fraction = '', power = '0'] = match ?? [];
  if (!match || whole + fraction === '') throw invalid(`${what} Value is not a number.`);
  const exponent = Number(power) - fraction.length + scale;
  if (Math.abs(exponent) > 1000) throw invalid(`${what} Value too large.`);
  return fit(scaled(BigInt(whole + fraction), exponent), sign === '-', precision, scale, `${what} Value too large.`);
}

function scaled(magnitude: bigint, exponent: number): bigint {
  if (exponent >= 0) return magnitude * 10n ** BigInt(exponent);
  const unit = 10n ** BigInt(-exponent);
  return (magnitude + unit / 2n) / unit;
}

function fit(magnitude: bigint, negative: boolean, precision: number, scale: number, message: string): string {
  if (magnitude >= 10n ** BigInt(precision)) throw invalid(message);
  const digits = magnitude.toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative && magnitude > 0n ? `-${text}` : text;
}

function doubleToDecimal(value: number, precision: number, scale: number): string {
  const name = `Cannot cast DOUBLE '${castDouble(value)}' to DECIMAL(${precision}, ${scale})`;
  if (!Number.isFinite(value)) throw invalid(name);
  const [mantissa = '0', power = '0'] = Math.abs(value).toExponential().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const exponent = Number(power) - fraction.length + scale;
  return fit(scaled(BigInt(whole + fraction), exponent), value < 0, precision, scale, name);
}

function textToBoolean(text: string): boolean {
  if (/^(?:true|t|1)$/i.test(text)) return true;
  if (/^(?:false|f|0)$/i.test(text)) return false;
  throw invalid(`Cannot cast '${text}' to BOOLEAN`);
}

function textToDate(text: string): number {
  const match = /^[+-]?\d+-\d{1,2}-\d{1,2}$/.exec(text.trim());
  const parsed =
    match &&
    parseTimestamp(
      text
        .trim()
        .replace(/^([+-]?)(\d{1,3})-/, (_all, sign: string, year: string) => `${sign}${year.padStart(4, '0')}-`),
    );
  if (!parsed) throw invalid(`Value cannot be cast to date: ${text}`);
  return Number(floorDivide(parsed.picos, PICOS_PER_DAY));
}

function textToTimestamp(text: string, precision: number): bigint {
  const parsed = parseTimestamp(text.trim());
  if (!parsed || parsed.zoneKey !== undefined) {
    const local = parsed?.zoneKey === undefined ? undefined : localOf(parsed.picos, parsed.zoneKey);
    if (local !== undefined) return roundPicos(local, precision);
    throw invalid(`Value cannot be cast to timestamp: ${text}`);
  }
  return roundPicos(parsed.picos, precision);
}

/** The packed form: picoseconds * 4096 + key, or with a precision up to 3 milliseconds * 4096 + key. */
export function packZoned(picos: bigint, key: number, precision: number): bigint {
  const rounded = roundPicos(picos, precision);
  return (precision <= 3 ? rounded / PICOS_PER_MILLI : rounded) * 4096n + BigInt(key);
}

export function unpackZoned(packed: bigint, precision: number): { readonly picos: bigint; readonly key: number } {
  const instant = packed >> 12n;
  return { picos: precision <= 3 ? instant * PICOS_PER_MILLI : instant, key: Number(packed & 4095n) };
}

function textToZoned(text: string, precision: number): bigint {
  const parsed = parseTimestamp(text.trim());
  if (!parsed) throw invalid(`Value cannot be cast to timestamp: ${text}`);
  return packZoned(parsed.picos, parsed.zoneKey ?? 0, precision);
}

function textToTime(text: string, precision: number): bigint {
  const parsed = parseTime(text.trim());
  if (!parsed || parsed.offset !== undefined) throw invalid(`Value cannot be cast to time: ${text}`);
  return roundPicos(parsed.picos, precision) % PICOS_PER_DAY;
}

function textToTimeTz(text: string, precision: number): bigint {
  const parsed = parseTime(text.trim());
  if (!parsed) throw invalid(`Value cannot be cast to time: ${text}`);
  return (roundPicos(parsed.picos, precision) % PICOS_PER_DAY) * 4096n + BigInt((parsed.offset ?? 0) + 1024);
}

function zonedToZoned(packed: bigint, from: number, to: number): bigint {
  const { picos, key } = unpackZoned(packed, from);
  return packZoned(picos, key, to);
}

const toInteger = (['tinyint', 'smallint', 'integer', 'bigint'] as const).flatMap((kind) => [
  jsFunction(`text_to_${kind}`, ['VARCHAR'], 'BIGINT', (text) => textToInteger(text, kind)),
  jsFunction(`double_to_${kind}`, ['DOUBLE'], 'BIGINT', (value) => doubleToInteger(value, kind)),
]);

/** The casts that DuckDB does otherwise than Trino. */
export const CAST_FUNCTIONS: readonly JsFunction[] = [
  ...toInteger,
  jsFunction('text_to_double', ['VARCHAR'], 'DOUBLE', (text) => textToDouble(text, 'DOUBLE')),
  jsFunction('text_to_real', ['VARCHAR'], 'FLOAT', (text) => textToDouble(text, 'REAL')),
  jsFunction('text_to_decimal', ['VARCHAR', 'INTEGER', 'INTEGER'], 'VARCHAR', textToDecimal),
  jsFunction('double_to_decimal', ['DOUBLE', 'INTEGER', 'INTEGER'], 'VARCHAR', doubleToDecimal),
  jsFunction('real_to_decimal', ['FLOAT', 'INTEGER', 'INTEGER'], 'VARCHAR', doubleToDecimal),
  jsFunction('text_to_boolean', ['VARCHAR'], 'BOOLEAN', textToBoolean),
  jsFunction('text_to_date', ['VARCHAR'], 'DATE', textToDate),
  jsFunction('text_to_timestamp', ['VARCHAR', 'INTEGER'], 'HUGEINT', textToTimestamp),
  jsFunction('text_to_zoned', ['VARCHAR', 'INTEGER'], 'HUGEINT', textToZoned),
  jsFunction('text_to_time', ['VARCHAR', 'INTEGER'], 'BIGINT', textToTime),
  jsFunction('text_to_timetz', ['VARCHAR', 'INTEGER'], 'HUGEINT', textToTimeTz),
  jsFunction('double_text', ['DOUBLE'], 'VARCHAR', (value) => castDouble(value)),
  jsFunction('real_text', ['FLOAT'], 'VARCHAR', castReal),
  jsFunction('date_text', ['DATE'], 'VARCHAR', printDate),
  jsFunction('zoned_timetz', ['HUGEINT', 'INTEGER', 'INTEGER'], 'HUGEINT', (packed, from, to) => {
    const { picos, key } = unpackZoned(packed, from);
    const local = localOf(picos, key);
    const day = roundPicos(local - floorDivide(local, PICOS_PER_DAY) * PICOS_PER_DAY, to) % PICOS_PER_DAY;
    return day * 4096n + BigInt(offsetAt(key, Number(floorDivide(picos, PICOS_PER_MILLI))) + 1024);
  }),
  jsFunction('timetz_zoned', ['HUGEINT', 'INTEGER', 'INTEGER'], 'HUGEINT', (picos, offset, precision) =>
    packZoned(roundPicos(picos, precision), offsetKey(offset), precision),
  ),
  jsFunction('time_text', ['BIGINT', 'INTEGER'], 'VARCHAR', printTime),
  jsFunction('timetz_text', ['HUGEINT', 'INTEGER'], 'VARCHAR', printTimeTz),
  jsFunction('picos_text', ['HUGEINT', 'INTEGER'], 'VARCHAR', printTimestamp),
  jsFunction('zoned_text', ['HUGEINT', 'INTEGER'], 'VARCHAR', (packed, precision) => {
    const { picos, key } = unpackZoned(packed, precision);
    return printZoned(picos, key, precision);
  }),
  jsFunction('day_interval_text', ['BIGINT'], 'VARCHAR', printDayInterval),
  jsFunction('year_interval_text', ['INTEGER'], 'VARCHAR', printYearInterval),
  jsFunction('zoned_local', ['HUGEINT', 'INTEGER'], 'HUGEINT', (packed, precision) => {
    const { picos, key } = unpackZoned(packed, precision);
    return localOf(picos, key);
  }),
  jsFunction('local_zoned', ['HUGEINT', 'INTEGER', 'INTEGER'], 'HUGEINT', (local, key, precision) =>
    packZoned(instantOf(local, key), key, precision),
  ),
  jsFunction('zoned_precision', ['HUGEINT', 'INTEGER', 'INTEGER'], 'HUGEINT', zonedToZoned),
  jsFunction('round_picos', ['HUGEINT', 'INTEGER'], 'HUGEINT', roundPicos),
];
