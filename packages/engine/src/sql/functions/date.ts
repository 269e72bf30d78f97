import { castSql } from '../casts/cast.ts';
import type { TrinoType } from '../trino-type.ts';
import { scalar, type Call, type Entry } from './signature.ts';

/** The local time of a date, timestamp or zoned timestamp as a DuckDB TIMESTAMP; what is finer than a microsecond is cut off. */
export function localTimestamp({ args, types }: Call, index = 0): string {
  const type = types[index];
  const sql = args[index] ?? 'NULL';
  const target: TrinoType = { kind: 'timestamp', precision: 12 };
  if (!type || type.kind === 'date' || (type.kind === 'timestamp' && type.precision <= 6))
    return type?.kind === 'date' ? `CAST(${sql} AS TIMESTAMP)` : sql;
  return `make_timestamp(CAST(ergane_floor_div(${castSql(type, target, sql) ?? sql}, 1000000) AS BIGINT))`;
}

/** A field of a date or timestamp, by DuckDB's name for it. */
const field = (name: string, part: string): readonly Entry[] => [
  [`${name}(date) -> bigint`, `CAST(date_part('${part}', $1) AS BIGINT)`],
  [`${name}(timestamp(p)) -> bigint`, (call) => `CAST(date_part('${part}', ${localTimestamp(call)}) AS BIGINT)`],
  [
    `${name}(timestamp(p) with time zone) -> bigint`,
    (call) => `CAST(date_part('${part}', ${localTimestamp(call)}) AS BIGINT)`,
  ],
];

/** Date and time functions. */
export const DATES = scalar(
  ...field('year', 'year'),
  ...field('quarter', 'quarter'),
  ...field('month', 'month'),
  ...field('week', 'week'),
  ...field('week_of_year', 'week'),
  ...field('day', 'day'),
  ...field('day_of_month', 'day'),
  ['day_of_month(interval day to second) -> bigint', '($1 // 86400000)'],
  ...field('day_of_week', 'isodow'),
  ...field('dow', 'isodow'),
  ...field('day_of_year', 'doy'),
  ...field('doy', 'doy'),
  ...field('year_of_week', 'isoyear'),
  ...field('yow', 'isoyear'),
  ['date(varchar) -> date', 'ergane_text_to_date($1)'],
  ['date(timestamp(p)) -> date', (call) => `CAST(${localTimestamp(call)} AS DATE)`],
  ['date(timestamp(p) with time zone) -> date', (call) => `CAST(${localTimestamp(call)} AS DATE)`],
);
