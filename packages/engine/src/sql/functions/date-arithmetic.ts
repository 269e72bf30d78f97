import { castSql } from '../casts/cast.ts';
import { fromPicos, timestampPicos } from '../casts/from-instant.ts';
import type { TrinoType } from '../trino-type.ts';
import { duckdbType } from '../types/physical-type.ts';
import { scalar, type Call, type Entry } from './signature.ts';

/** The local time of a date, time or timestamp in picoseconds, and back again. */
function toPicos(type: TrinoType | undefined, sql: string): string {
  if (type?.kind === 'date') return `(CAST(epoch_us(CAST(${sql} AS TIMESTAMP)) AS HUGEINT) * 1000000)`;
  if (type?.kind === 'timestamp') return `CAST(${timestampPicos(type, sql)} AS HUGEINT)`;
  return `CAST(${sql} AS HUGEINT)`;
}

function backTo(type: TrinoType | undefined, picos: string): string {
  if (type?.kind === 'date') return `CAST(make_timestamp(CAST(${picos} // 1000000 AS BIGINT)) AS DATE)`;
  if (type?.kind === 'timestamp') return fromPicos(type, picos);
  return type?.kind === 'time' ? `CAST(${picos} AS BIGINT)` : picos;
}

const NATIVE: Readonly<Record<string, string>> = {
  millisecond: 'to_milliseconds',
  second: 'to_seconds',
  minute: 'to_minutes',
  hour: 'to_hours',
};
const kindName = (type: TrinoType | undefined) =>
  type?.kind === 'date' || type?.kind === 'time' ? type.kind.toUpperCase() : 'TIMESTAMP';

function dateAdd({ args: [unit = '', count = '', value = ''], types, texts }: Call): string {
  const type = types[2];
  const word = texts[0]?.toLowerCase();
  if (type?.kind === 'date' && word === 'day') return `(${value} + CAST(${count} AS INTEGER))`;
  const native = NATIVE[word ?? ''];
  if (type?.kind === 'timestamp' && type.precision <= 6 && type.precision >= 3 && native)
    return `(${value} + ${native}(${count}))`;
  if (type?.kind === 'timestamp with time zone') {
    return `CAST(ergane_date_add_zoned(${unit}, ${count}, CAST(${value} AS HUGEINT), ${type.precision}) AS ${duckdbType(type)})`;
  }
  if (type?.kind === 'time with time zone')
    return `(ergane_date_add(${unit}, ${count}, ${value} // 4096, 'TIME') * 4096 + ${value} % 4096)`;
  return backTo(type, `ergane_date_add(${unit}, ${count}, ${toPicos(type, value)}, '${kindName(type)}')`);
}

const TRUNCATIONS = new Set(['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year']);
const DATE_UNITS = new Set(['day', 'week', 'month', 'quarter', 'year']);

function dateTrunc({ args: [unit = '', value = ''], types, texts }: Call): string {
  const type = types[1];
  const word = texts[0]?.toLowerCase() ?? '';
  if (type?.kind === 'date' && DATE_UNITS.has(word)) return `CAST(date_trunc('${word}', ${value}) AS DATE)`;
  if (type?.kind === 'timestamp' && type.precision <= 6 && TRUNCATIONS.has(word))
    return `date_trunc('${word}', ${value})`;
  if (type?.kind === 'timestamp with time zone') {
    return `CAST(ergane_date_trunc_zoned(${unit}, CAST(${value} AS HUGEINT), ${type.precision}) AS ${duckdbType(type)})`;
  }
  if (type?.kind === 'time with time zone')
    return `(ergane_date_trunc(${unit}, ${value} // 4096, 'TIME') * 4096 + ${value} % 4096)`;
  return backTo(type, `ergane_date_trunc(${unit}, ${toPicos(type, value)}, '${kindName(type)}')`);
}

/** A timestamp's picoseconds without what is finer than a millisecond, which date_diff does not see. */
function wholeMillis(type: TrinoType | undefined, sql: string): string {
  const picos = toPicos(type, sql);
  if (type?.kind !== 'timestamp' || type.precision <= 3) return picos;
  return `(ergane_floor_div(${picos}, 1000000000) * 1000000000)`;
}

function dateDiff({ args: [unit = '', from = '', to = ''], types }: Call): string {
  const type = types[1];
  if (type?.kind === 'timestamp with time zone') {
    return `ergane_date_diff_zoned(${unit}, CAST(${from} AS HUGEINT), CAST(${to} AS HUGEINT), ${type.precision})`;
  }
  if (type?.kind === 'time with time zone')
    return `ergane_date_diff(${unit}, ergane_timetz_key(${from}), ergane_timetz_key(${to}), 'TIME')`;
  return `ergane_date_diff(${unit}, ${wholeMillis(type, from)}, ${wholeMillis(types[2], to)}, '${kindName(type)}')`;
}

const kinds = ['date', 'time(p)', 'time(p) with time zone', 'timestamp(p)', 'timestamp(p) with time zone'] as const;
const arithmetic = kinds.flatMap<Entry>((type) => [
  [`date_add(varchar, bigint, ${type}) -> ${type}`, dateAdd],
  [`date_trunc(varchar, ${type}) -> ${type}`, dateTrunc],
  [`date_diff(varchar, ${type}, ${type}) -> bigint`, dateDiff],
]);

const packed = (call: Call, index = 0) => `CAST(${call.args[index] ?? ''} AS HUGEINT)`;
const precision = (call: Call, index = 0) => {
  const type = call.types[index];
  return type && 'precision' in type && type.kind !== 'decimal' ? type.precision : 0;
};

/** A zoned value of a timestamp without zone: format functions take both. */
function asZoned(call: Call): string {
  const type = call.types[0];
  const target: TrinoType = { kind: 'timestamp with time zone', precision: 3 };
  return (type && castSql(type, target, call.args[0] ?? '')) ?? '';
}

const localPicos = (call: Call) => {
  const type = call.types[0];
  const target: TrinoType = { kind: 'timestamp', precision: 12 };
  return (type && castSql(type, target, call.args[0] ?? '')) ?? '';
};

/** The local time rounded to milliseconds, which is all that date_format shows. */
const localMillis = (call: Call) => {
  const type = call.types[0];
  const target: TrinoType = { kind: 'timestamp', precision: 3 };
  const sql = type && castSql(type, target, call.args[0] ?? '');
  return sql === undefined ? 'NULL' : timestampPicos(target, sql);
};

const clock = (name: string, unit: string, within: string): readonly Entry[] => [
  [`${name}(time(p)) -> bigint`, `($1 // ${unit} % ${within})`],
  [`${name}(time(p) with time zone) -> bigint`, `CAST($1 // 4096 // ${unit} % ${within} AS BIGINT)`],
  [
    `${name}(timestamp(p)) -> bigint`,
    (call) => `CAST(ergane_floor_div(${localPicos(call)}, ${unit}) % ${within} + ${within} AS BIGINT) % ${within}`,
  ],
  [
    `${name}(timestamp(p) with time zone) -> bigint`,
    (call) => `CAST(ergane_floor_div(${localPicos(call)}, ${unit}) % ${within} + ${within} AS BIGINT) % ${within}`,
  ],
  [`${name}(interval day to second) -> bigint`, `(CAST($1 AS BIGINT) // ${BigInt(unit) / 1_000_000_000n} % ${within})`],
];

/** Date arithmetic, clock fields, formats and conversions. */
export const DATE_ARITHMETIC = scalar(
  ...arithmetic,
  ...clock('hour', '3600000000000000', '24'),
  ...clock('minute', '60000000000000', '60'),
  ...clock('second', '1000000000000', '60'),
  ...clock('millisecond', '1000000000', '1000'),
  ['day(interval day to second) -> bigint', '($1 // 86400000)'],
  ['year(interval year to month) -> bigint', 'CAST($1 // 12 AS BIGINT)'],
  ['month(interval year to month) -> bigint', 'CAST($1 % 12 AS BIGINT)'],
  ['last_day_of_month(date) -> date', 'last_day($1)'],
  [
    'last_day_of_month(timestamp(p)) -> date',
    (call) => `last_day(make_timestamp(CAST(ergane_floor_div(${localPicos(call)}, 1000000) AS BIGINT)))`,
  ],
  [
    'last_day_of_month(timestamp(p) with time zone) -> date',
    (call) => `last_day(make_timestamp(CAST(ergane_floor_div(${localPicos(call)}, 1000000) AS BIGINT)))`,
  ],
  [
    'date_format(timestamp(p), varchar) -> varchar',
    (call) => `ergane_date_format(${localMillis(call)}, ${call.args[1] ?? ''})`,
  ],
  [
    'date_format(timestamp(p) with time zone, varchar) -> varchar',
    (call) => `ergane_date_format(${localMillis(call)}, ${call.args[1] ?? ''})`,
  ],
  [
    'date_parse(varchar, varchar) -> timestamp(3)',
    'make_timestamp(CAST(ergane_floor_div(ergane_date_parse($1, $2), 1000000) AS BIGINT))',
  ],
  [
    'format_datetime(timestamp(p), varchar) -> varchar',
    (call) => `ergane_format_datetime(CAST(${asZoned(call)} AS HUGEINT), 3, ${call.args[1] ?? ''}, false)`,
  ],
  [
    'format_datetime(timestamp(p) with time zone, varchar) -> varchar',
    (call) => `ergane_format_datetime(CAST(${asZoned(call)} AS HUGEINT), 3, ${call.args[1] ?? ''}, true)`,
  ],
  ['parse_datetime(varchar, varchar) -> timestamp(3) with time zone', 'ergane_parse_datetime($1, $2)'],
  [
    'at_timezone(timestamp(p) with time zone, varchar) -> timestamp(p) with time zone',
    (call) => `CAST(ergane_with_zone(${packed(call)}, ${call.args[1] ?? ''}) AS ${duckdbType(call.result)})`,
  ],
  [
    'at_timezone(timestamp(p) with time zone, interval day to second) -> timestamp(p) with time zone',
    (call) =>
      `CAST(ergane_with_zone(${packed(call)}, ergane_offset_text(${call.args[1] ?? ''})) AS ${duckdbType(call.result)})`,
  ],
  ['at_timezone(time(p) with time zone, varchar) -> time(p) with time zone', 'ergane_timetz_with_zone($1, $2)'],
  [
    'with_timezone(timestamp(p), varchar) -> timestamp(p) with time zone',
    (call) =>
      `CAST(ergane_with_timezone(${localPicos(call)}, ${call.args[1] ?? ''}, ${precision(call)}) AS ${duckdbType(call.result)})`,
  ],
  [
    'timezone_hour(timestamp(p) with time zone) -> bigint',
    (call) => `CAST(ergane_zone_offset(${packed(call)}, ${precision(call)}) // 60 AS BIGINT)`,
  ],
  [
    'timezone_minute(timestamp(p) with time zone) -> bigint',
    (call) => `CAST(ergane_zone_offset(${packed(call)}, ${precision(call)}) % 60 AS BIGINT)`,
  ],
  ['timezone_hour(time(p) with time zone) -> bigint', 'CAST(($1 % 4096 - 1024) // 60 AS BIGINT)'],
  ['timezone_minute(time(p) with time zone) -> bigint', 'CAST(($1 % 4096 - 1024) % 60 AS BIGINT)'],
  ['timezone(time(p) with time zone) -> varchar', 'ergane_offset_text(CAST(($1 % 4096 - 1024) * 60000 AS BIGINT))'],
  ['timezone(timestamp(p) with time zone) -> varchar', (call) => `ergane_zone_text(${packed(call)})`],
  ['from_unixtime(double) -> timestamp(3) with time zone', 'ergane_from_unixtime($1)'],
  ['from_unixtime(double, varchar) -> timestamp(3) with time zone', 'ergane_from_unixtime_zone($1, $2)'],
  ['from_unixtime(double, bigint, bigint) -> timestamp(3) with time zone', 'ergane_from_unixtime_offset($1, $2, $3)'],
  ['from_unixtime_nanos(bigint) -> timestamp(9) with time zone', '($1 * 1000::HUGEINT * 4096)'],
  ['from_unixtime_nanos(decimal(p,s)) -> timestamp(9) with time zone', '(CAST(round($1, 0) AS HUGEINT) * 1000 * 4096)'],
  ['to_unixtime(timestamp(p)) -> double', (call) => `(CAST(${localPicos(call)} AS DOUBLE) / 1000000000000)`],
  [
    'to_unixtime(timestamp(p) with time zone) -> double',
    (call) => `(CAST(${packed(call)} >> 12 AS DOUBLE) / ${precision(call) <= 3 ? '1000' : '1000000000000'})`,
  ],
  ['from_iso8601_date(varchar) -> date', 'ergane_from_iso8601_date($1)'],
  [
    'from_iso8601_timestamp(varchar) -> timestamp(3) with time zone',
    'CAST(ergane_from_iso8601_timestamp($1, 3) AS BIGINT)',
  ],
  ['from_iso8601_timestamp_nanos(varchar) -> timestamp(9) with time zone', 'ergane_from_iso8601_timestamp($1, 9)'],
  ['to_iso8601(date) -> varchar(16)', 'ergane_date_text($1)'],
  [
    'to_iso8601(timestamp(p)) -> varchar',
    (call) => `ergane_to_iso8601(${localPicos(call)}, ${precision(call)})`,
    ([type]) => isoType(type, 22),
  ],
  [
    'to_iso8601(timestamp(p) with time zone) -> varchar',
    (call) => `ergane_to_iso8601_zoned(${packed(call)}, ${precision(call)})`,
    ([type]) => isoType(type, 28),
  ],
  ['parse_duration(varchar) -> interval day to second', 'ergane_parse_duration($1)'],
  ['to_milliseconds(interval day to second) -> bigint', '$1'],
  ['human_readable_seconds(double) -> varchar', 'ergane_human_readable_seconds($1)'],
);

/** The longest text: the date of a far year, the time, a point and the fraction, and the zone. */
function isoType(type: TrinoType | undefined, base: number): TrinoType {
  const digits = type && 'precision' in type && type.kind !== 'decimal' ? type.precision : 0;
  return { kind: 'varchar', length: base + (digits > 0 ? digits + 1 : 0) };
}
