import type { TrinoType } from '../trino-type.ts';
import { duckdbType } from '../types/physical-type.ts';
import { failSql } from '../emit/typed.ts';

type Timestamp = Extract<TrinoType, { kind: 'timestamp' }>;
type Zoned = Extract<TrinoType, { kind: 'timestamp with time zone' }>;

/** Casts from dates, times, timestamps and intervals. */
export function castFromInstant(from: TrinoType, to: TrinoType, sql: string): string | undefined {
  if (from.kind === 'date') {
    return fromDate(to, sql);
  }
  if (from.kind === 'timestamp') {
    return fromTimestamp(from, to, sql);
  }
  if (from.kind === 'timestamp with time zone') {
    return fromZoned(from, to, sql);
  }
  if (from.kind === 'time') {
    return fromTime(from, to, sql);
  }
  if (from.kind === 'time with time zone') {
    return fromTimeTz(from, to, sql);
  }
  if (from.kind === 'interval day to second') {
    return to.kind === 'varchar' ? text(to, `ergane_day_interval_text(${sql})`) : undefined;
  }
  if (from.kind === 'interval year to month') {
    return to.kind === 'varchar' ? text(to, `ergane_year_interval_text(${sql})`) : undefined;
  }

  return undefined;
}

/** Times in a varchar(n) that is too short are an internal error in Trino; so here. */
function text(to: TrinoType, sql: string): string {
  if (to.kind !== 'varchar' || to.length === undefined) return sql;
  const fail = failSql('GENERIC_INTERNAL_ERROR', `Character count exceeds length limit ${to.length}`, 'VARCHAR');
  return `(CASE WHEN length(${sql}) > ${to.length} THEN ${fail} ELSE ${sql} END)`;
}

function fromDate(to: TrinoType, sql: string): string | undefined {
  if (to.kind === 'varchar') {
    return text(to, `ergane_date_text(${sql})`);
  }
  if (to.kind === 'timestamp') {
    return picosOr(to, `CAST(${sql} AS TIMESTAMP)`);
  }
  if (to.kind === 'timestamp with time zone') {
    return localToZoned(to, `(epoch_us(CAST(${sql} AS TIMESTAMP)) * 1000000::HUGEINT)`);
  }

  return undefined;
}

/** A TIMESTAMP in the physical type of a timestamp(p). */
const picosOr = (to: Timestamp, sql: string) => (to.precision <= 6 ? sql : `(epoch_us(${sql}) * 1000000::HUGEINT)`);

/** Picoseconds of the local time, from a timestamp of any precision. */
export const timestampPicos = (from: Timestamp, sql: string) =>
  from.precision <= 6 ? `(epoch_us(${sql}) * 1000000::HUGEINT)` : sql;

export const fromPicos = (to: Timestamp, sql: string) =>
  to.precision <= 6 ? `make_timestamp(CAST(ergane_floor_div(${sql}, 1000000) AS BIGINT))` : sql;

/** A local time in UTC (the session's zone), as a zoned value. */
function localToZoned(to: Zoned, picos: string): string {
  if (to.precision > 3) return `(ergane_round_picos(${picos}, ${to.precision}) * 4096)`;
  return `CAST(ergane_round_picos(${picos}, ${to.precision}) // 1000000000 * 4096 AS BIGINT)`;
}

function fromTimestamp(from: Timestamp, to: TrinoType, sql: string): string | undefined {
  if (to.kind === 'varchar') {
    return text(to, timestampText(from, sql));
  }
  if (to.kind === 'date') {
    return from.precision <= 6
      ? `CAST(${sql} AS DATE)`
      : `CAST(make_timestamp(CAST(ergane_floor_div(${sql}, 1000000) AS BIGINT)) AS DATE)`;
  }
  if (to.kind === 'timestamp') {
    if (to.precision >= from.precision) return picosIfWider(from, to, sql);
    return fromPicos(to, `ergane_round_picos(${timestampPicos(from, sql)}, ${to.precision})`);
  }
  if (to.kind === 'timestamp with time zone') {
    return localToZoned(to, timestampPicos(from, sql));
  }
  if (to.kind === 'time') {
    return `CAST(ergane_round_picos(ergane_floor_mod(${timestampPicos(from, sql)}, 86400000000000000), ${to.precision}) % 86400000000000000 AS BIGINT)`;
  }
  if (to.kind === 'time with time zone') {
    return `(ergane_round_picos(ergane_floor_mod(${timestampPicos(from, sql)}, 86400000000000000), ${to.precision}) % 86400000000000000 * 4096 + 1024)`;
  }

  return undefined;
}

const picosIfWider = (from: Timestamp, to: Timestamp, sql: string) =>
  from.precision <= 6 && to.precision > 6 ? timestampPicos(from, sql) : sql;

function timestampText(from: Timestamp, sql: string): string {
  return `ergane_picos_text(${timestampPicos(from, sql)}, ${from.precision})`;
}

function fromZoned(from: Zoned, to: TrinoType, sql: string): string | undefined {
  const local = `ergane_zoned_local(CAST(${sql} AS HUGEINT), ${from.precision})`;
  if (to.kind === 'varchar') {
    return text(to, `ergane_zoned_text(CAST(${sql} AS HUGEINT), ${from.precision})`);
  }
  if (to.kind === 'date') {
    return `CAST(make_timestamp(CAST(ergane_floor_div(${local}, 1000000) AS BIGINT)) AS DATE)`;
  }
  if (to.kind === 'timestamp') {
    return fromPicos(to, `ergane_round_picos(${local}, ${to.precision})`);
  }
  if (to.kind === 'timestamp with time zone') {
    if (to.precision === from.precision) return sql;
    return `CAST(ergane_zoned_precision(CAST(${sql} AS HUGEINT), ${from.precision}, ${to.precision}) AS ${duckdbType(to)})`;
  }
  if (to.kind === 'time') {
    return `CAST(ergane_round_picos(ergane_floor_mod(${local}, 86400000000000000), ${to.precision}) % 86400000000000000 AS BIGINT)`;
  }
  if (to.kind === 'time with time zone') {
    return `ergane_zoned_timetz(CAST(${sql} AS HUGEINT), ${from.precision}, ${to.precision})`;
  }

  return undefined;
}

function fromTime(from: Extract<TrinoType, { kind: 'time' }>, to: TrinoType, sql: string): string | undefined {
  if (to.kind === 'varchar') {
    return text(to, `ergane_time_text(${sql}, ${from.precision})`);
  }
  if (to.kind === 'time') {
    if (to.precision >= from.precision) return sql;
    return `CAST(ergane_round_picos(${sql}, ${to.precision}) % 86400000000000000 AS BIGINT)`;
  }
  if (to.kind === 'time with time zone') {
    return `(ergane_round_picos(${sql}, ${to.precision}) % 86400000000000000 * 4096 + 1024)`;
  }
  if (to.kind === 'timestamp') return fromPicos(to, `(${TODAY} + ergane_round_picos(${sql}, ${to.precision}))`);
  if (to.kind === 'timestamp with time zone') return localToZoned(to, `(${TODAY} + ${sql})`);

  return undefined;
}

/** Midnight of the current date in picoseconds: a time that becomes a timestamp is one of today. */
const TODAY = `(epoch_us(CAST(current_date AS TIMESTAMP)) * 1000000::HUGEINT)`;

function fromTimeTz(
  from: Extract<TrinoType, { kind: 'time with time zone' }>,
  to: TrinoType,
  sql: string,
): string | undefined {
  if (to.kind === 'varchar') {
    return text(to, `ergane_timetz_text(${sql}, ${from.precision})`);
  }
  if (to.kind === 'time') {
    return `CAST(ergane_round_picos(${sql} // 4096, ${to.precision}) % 86400000000000000 AS BIGINT)`;
  }
  if (to.kind === 'time with time zone') {
    if (to.precision >= from.precision) return sql;
    return `(ergane_round_picos(${sql} // 4096, ${to.precision}) % 86400000000000000 * 4096 + ${sql} % 4096)`;
  }
  if (to.kind === 'timestamp') return fromPicos(to, `(${TODAY} + ergane_round_picos(${sql} // 4096, ${to.precision}))`);
  if (to.kind === 'timestamp with time zone')
    return `CAST(ergane_timetz_zoned(${TODAY} + ergane_timetz_key(${sql}), CAST(${sql} % 4096 - 1024 AS INTEGER), ${to.precision}) AS ${duckdbType(to)})`;

  return undefined;
}
