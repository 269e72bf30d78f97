import { functionError } from './errors.ts';
import {
  addUnits,
  addZoned,
  betweenZoned,
  checkUnit,
  plusMonths,
  truncateTo,
  truncateZoned,
  unitsBetween,
  type InstantKind,
} from './calendar.ts';
import { packZoned, unpackZoned } from './cast-functions.ts';
import { parseIsoDate, parseIsoTimestamp, printIso, printZone, parseDuration, humanSeconds } from './date-text.ts';
import { PICOS_PER_DAY, PICOS_PER_MILLI, PICOS_PER_SECOND, instantOf, localOf } from './instant-text.ts';
import { parseJoda, printJoda } from './joda-format.ts';
import { parseMysql, printMysql } from './mysql-format.ts';
import { jsFunction, type JsFunction } from './js-function.ts';
import { offsetAt, offsetKey, offsetText, zoneKey } from './zones.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);
const kindOf = (kind: string): InstantKind => (kind === 'DATE' || kind === 'TIME' ? kind : 'TIMESTAMP');

export function keyOf(zone: string): number {
  const key = zoneKey(zone);
  if (key === undefined) throw invalid(`'${zone}' is not a valid time zone`);
  return key;
}

function fromUnixtime(seconds: number, key: number): bigint {
  if (Number.isNaN(seconds)) return BigInt(key);
  const millis = Math.sign(seconds) * Math.floor(Math.abs(seconds * 1000) + 0.5);
  if (!Number.isFinite(millis) || Math.abs(millis) > 2 ** 51) throw invalid(`Millis overflow: ${millis}`);
  return BigInt(millis) * 4096n + BigInt(key);
}

function dayTime(picos: bigint, offset: bigint): bigint {
  return ((picos % PICOS_PER_DAY) + PICOS_PER_DAY + offset) % PICOS_PER_DAY;
}

/** Date and time functions: a local time is picoseconds since 1970, a zoned one is packed as physical-type.ts says. */
export const DATE_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('check_unit', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (unit, kind) => checkUnit(unit, kindOf(kind))),
  jsFunction('date_add', ['VARCHAR', 'BIGINT', 'HUGEINT', 'VARCHAR'], 'HUGEINT', (unit, count, local, kind) => {
    const moved = addUnits(checkUnit(unit, kindOf(kind)), count, local);
    return kind === 'TIME' ? ((moved % PICOS_PER_DAY) + PICOS_PER_DAY) % PICOS_PER_DAY : moved;
  }),
  jsFunction(
    'date_add_zoned',
    ['VARCHAR', 'BIGINT', 'HUGEINT', 'INTEGER'],
    'HUGEINT',
    (unit, count, packed, precision) => {
      const { picos, key } = unpackZoned(packed, precision);
      return packZoned(addZoned(checkUnit(unit, 'TIMESTAMP'), count, picos, key), key, precision);
    },
  ),
  jsFunction('date_trunc', ['VARCHAR', 'HUGEINT', 'VARCHAR'], 'HUGEINT', (unit, local, kind) =>
    truncateTo(checkUnit(unit, kindOf(kind)), local),
  ),
  jsFunction('date_trunc_zoned', ['VARCHAR', 'HUGEINT', 'INTEGER'], 'HUGEINT', (unit, packed, precision) => {
    const { picos, key } = unpackZoned(packed, precision);
    return packZoned(truncateZoned(checkUnit(unit, 'TIMESTAMP'), picos, key), key, precision);
  }),
  jsFunction('date_diff', ['VARCHAR', 'HUGEINT', 'HUGEINT', 'VARCHAR'], 'BIGINT', (unit, from, to, kind) =>
    unitsBetween(checkUnit(unit, kindOf(kind)), from, to),
  ),
  jsFunction('date_diff_zoned', ['VARCHAR', 'HUGEINT', 'HUGEINT', 'INTEGER'], 'BIGINT', (unit, from, to, precision) => {
    const a = unpackZoned(from, precision);
    const b = unpackZoned(to, precision);
    return betweenZoned(checkUnit(unit, 'TIMESTAMP'), a.picos, b.picos, a.key);
  }),
  jsFunction('picos_plus_months', ['HUGEINT', 'INTEGER'], 'HUGEINT', plusMonths),
  jsFunction('zoned_plus_months', ['HUGEINT', 'INTEGER', 'INTEGER'], 'HUGEINT', (packed, months, precision) => {
    const { picos, key } = unpackZoned(packed, precision);
    return packZoned(instantOf(plusMonths(localOf(picos, key), months), key), key, precision);
  }),
  jsFunction(
    'with_zone',
    ['HUGEINT', 'VARCHAR'],
    'HUGEINT',
    (packed, zone) => (packed >> 12n) * 4096n + BigInt(keyOf(zone)),
  ),
  jsFunction('timetz_with_zone', ['HUGEINT', 'VARCHAR'], 'HUGEINT', (packed, zone) => {
    const offset = offsetAt(keyOf(zone), Date.now());
    const shift = BigInt(offset - (Number(packed % 4096n) - 1024)) * 60n * PICOS_PER_SECOND;
    return dayTime(packed / 4096n, shift) * 4096n + BigInt(offset + 1024);
  }),
  jsFunction('with_timezone', ['HUGEINT', 'VARCHAR', 'INTEGER'], 'HUGEINT', (local, zone, precision) => {
    const key = keyOf(zone);
    return packZoned(instantOf(local, key), key, precision);
  }),
  jsFunction('zone_offset', ['HUGEINT', 'INTEGER'], 'INTEGER', (packed, precision) => {
    const { picos, key } = unpackZoned(packed, precision);
    return offsetAt(key, Number(picos / PICOS_PER_MILLI));
  }),
  jsFunction('zone_text', ['HUGEINT'], 'VARCHAR', (packed) => printZone(Number(packed & 4095n))),
  jsFunction('offset_text', ['BIGINT'], 'VARCHAR', (millis) => {
    if (millis % 60_000n !== 0n) throw invalid('Invalid time zone offset interval: it must be whole minutes');
    return offsetText(Number(millis / 60_000n));
  }),
  jsFunction('from_unixtime', ['DOUBLE'], 'BIGINT', (seconds) => fromUnixtime(seconds, 0)),
  jsFunction('from_unixtime_zone', ['DOUBLE', 'VARCHAR'], 'BIGINT', (seconds, zone) =>
    fromUnixtime(seconds, keyOf(zone)),
  ),
  jsFunction('from_unixtime_offset', ['DOUBLE', 'BIGINT', 'BIGINT'], 'BIGINT', (seconds, hours, minutes) => {
    const total = hours * 60n + minutes;
    if (total < -840n || total > 840n) throw invalid(`Invalid offset minutes ${total}`);
    return fromUnixtime(seconds, offsetKey(Number(total)));
  }),
  jsFunction('from_iso8601_date', ['VARCHAR'], 'DATE', parseIsoDate),
  jsFunction('from_iso8601_timestamp', ['VARCHAR', 'INTEGER'], 'HUGEINT', (text, precision) => {
    if (precision === 9 && !/T.*(?<![.,]\d{10,}.*)$/i.test(text)) throw invalid(`Invalid format: "${text}"`);
    const { picos, key } = parseIsoTimestamp(text);
    return packZoned(picos, key, precision);
  }),
  jsFunction('to_iso8601', ['HUGEINT', 'INTEGER'], 'VARCHAR', (local, precision) => printIso(local, precision)),
  jsFunction('to_iso8601_zoned', ['HUGEINT', 'INTEGER'], 'VARCHAR', (packed, precision) => {
    const { picos, key } = unpackZoned(packed, precision);
    return printIso(localOf(picos, key), precision, offsetAt(key, Number(picos / PICOS_PER_MILLI)));
  }),
  jsFunction('date_format', ['HUGEINT', 'VARCHAR'], 'VARCHAR', printMysql),
  jsFunction('date_parse', ['VARCHAR', 'VARCHAR'], 'HUGEINT', parseMysql),
  jsFunction(
    'format_datetime',
    ['HUGEINT', 'INTEGER', 'VARCHAR', 'BOOLEAN'],
    'VARCHAR',
    (packed, precision, pattern, zoned) => {
      const { picos, key } = unpackZoned(packed, precision);
      return printJoda(picos, key, pattern, zoned);
    },
  ),
  jsFunction('parse_datetime', ['VARCHAR', 'VARCHAR'], 'BIGINT', (text, pattern) => {
    const { picos, key } = parseJoda(text, pattern);
    return packZoned(picos, key, 3);
  }),
  jsFunction('parse_duration', ['VARCHAR'], 'BIGINT', parseDuration),
  jsFunction('human_readable_seconds', ['DOUBLE'], 'VARCHAR', humanSeconds),
];
