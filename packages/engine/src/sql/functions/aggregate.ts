import { identitySql } from '../emit/compare.ts';
import { divideDecimals } from '../emit/decimal.ts';
import type { TrinoType } from '../trino-type.ts';
import { aggregate, type Emit, type Entry } from './signature.ts';

/** What tells values apart: a zoned one by its instant. */
const identityOf = (type: TrinoType | undefined, sql: string) => (type ? identitySql(type, sql) : sql);

/** The least or greatest value; a zoned one is ordered by its instant and shown as it is. */
const extreme =
  (name: 'min' | 'max'): Emit =>
  ({ aggregate: call, args: [arg = ''], types: [type] }) => {
    const key = identityOf(type, arg);
    return key === arg ? call(name, arg) : call(`arg_${name}`, arg, key);
  };

/** The sum divided and rounded to a whole unit, half up. */
const averageInterval =
  (type: 'BIGINT' | 'INTEGER'): Emit =>
  ({ aggregate: call, args }) =>
    `CAST(floor(${call('avg', ...args)} + 0.5) AS ${type})`;

/** Where the square of a double is near the end of its range. */
const HUGE = '1e150';

/**
 * A measure of spread: NULL of fewer values than it needs; NaN where one is not finite, Infinity where the squares are not: DuckDB
 * makes errors of both. */
const spread =
  (name: string, least: number): Emit =>
  ({ aggregate: call, args: [arg = ''] }) => {
    const beyond = name === 'skewness' ? 'NaN' : 'Infinity';
    const huge = call('bool_or', `abs(${arg}) >= ${HUGE}`);
    return `(CASE WHEN ${call('count', arg)} < ${least} THEN NULL WHEN ${call('bool_or', `NOT isfinite(${arg})`)} THEN CAST('NaN' AS DOUBLE) WHEN ${huge} THEN CAST('${beyond}' AS DOUBLE) ELSE ${call(name, `CASE WHEN abs(${arg}) < ${HUGE} THEN ${arg} END`)} END)`;
  };

/** Aggregate functions. */
export const AGGREGATES = aggregate(
  ['count() -> bigint', ({ aggregate: call }) => call('count', '*')],
  [
    'count(T) -> bigint',
    ({ aggregate: call, args, types }) => call('count', ...args.map((arg) => identityOf(types[0], arg))),
  ],
  [
    'count_if(boolean) -> bigint',
    ({ aggregate: call, args }) => `coalesce(CAST(${call('countif', ...args)} AS BIGINT), 0)`,
  ],
  ['sum(bigint) -> bigint', ({ aggregate: call, args }) => `CAST(${call('sum', ...args)} AS BIGINT)`],
  ['sum(double) -> double', ({ aggregate: call, args }) => call('sum', ...args)],
  ['sum(real) -> real', ({ aggregate: call, args }) => `CAST(${call('sum', ...args)} AS FLOAT)`],
  [
    'sum(decimal(p,s)) -> decimal(38,s)',
    ({ aggregate: call, args, result }) =>
      `CAST(${call('sum', ...args)} AS DECIMAL(38,${result.kind === 'decimal' ? result.scale : 0}))`,
  ],
  [
    'sum(interval day to second) -> interval day to second',
    ({ aggregate: call, args }) => `CAST(${call('sum', ...args)} AS BIGINT)`,
  ],
  [
    'sum(interval year to month) -> interval year to month',
    ({ aggregate: call, args }) => `CAST(${call('sum', ...args)} AS INTEGER)`,
  ],
  ['avg(interval day to second) -> interval day to second', averageInterval('BIGINT')],
  ['avg(interval year to month) -> interval year to month', averageInterval('INTEGER')],
  [
    // of parts that a source can be asked for
    'avg(bigint) -> double',
    ({ aggregate: call, args }) =>
      `(CAST(${call('sum', ...args)} AS DOUBLE) / CAST(${call('count', ...args)} AS DOUBLE))`,
  ],
  ['avg(double) -> double', ({ aggregate: call, args }) => call('avg', ...args)],
  ['avg(real) -> real', ({ aggregate: call, args }) => `CAST(${call('avg', ...args)} AS FLOAT)`],
  [
    'avg(decimal(p,s)) -> decimal(p,s)',
    ({ aggregate: call, args, result }) => {
      const scale = result.kind === 'decimal' ? result.scale : 0;
      return divideDecimals(
        { sql: call('sum', ...args), precision: 38, scale },
        { sql: `CAST(${call('count', ...args)} AS DECIMAL(19,0))`, precision: 19, scale: 0 },
        result.kind === 'decimal' ? result : { kind: 'decimal', precision: 38, scale },
        'null',
      );
    },
  ],
  ['min(O) -> O', extreme('min')],
  ['max(O) -> O', extreme('max')],
  ['any_value(T) -> T', ({ aggregate: call, args }) => call('any_value', ...args)],
  ['arbitrary(T) -> T', ({ aggregate: call, args }) => call('any_value', ...args)],
  ['array_agg(T) -> array(T)', ({ aggregate: call, args }) => call('list', ...args)],
  ['bool_and(boolean) -> boolean', ({ aggregate: call, args }) => call('bool_and', ...args)],
  ['every(boolean) -> boolean', ({ aggregate: call, args }) => call('bool_and', ...args)],
  ['bool_or(boolean) -> boolean', ({ aggregate: call, args }) => call('bool_or', ...args)],
  ...['stddev', 'stddev_samp', 'variance', 'var_samp'].map<Entry>((name) => [
    `${name}(double) -> double`,
    spread(name.startsWith('stddev') ? 'stddev_samp' : 'var_samp', 2),
  ]),
  ['stddev_pop(double) -> double', spread('stddev_pop', 1)],
  ['var_pop(double) -> double', spread('var_pop', 1)],
  [
    'skewness(double) -> double',
    (call) => {
      // DuckDB's is the sample's, Trino's the population's
      const count = call.aggregate('count', call.args[0] ?? '');
      const sample = spread('skewness', 3);
      return `(${typeof sample === 'function' ? sample(call) : sample} * (${count} - 2) / sqrt(CAST(${count} AS DOUBLE) * (${count} - 1)))`;
    },
  ],
  ['kurtosis(double) -> double', ({ aggregate: call, args }) => call('kurtosis', ...args)],
  ...['double', 'bigint'].map<Entry>((type) => [
    `geometric_mean(${type}) -> double`,
    ({ aggregate: call, args }) => `exp(${call('avg', `ergane_ln(CAST(${args[0] ?? ''} AS DOUBLE))`)})`,
  ]),
  [
    'geometric_mean(real) -> real',
    ({ aggregate: call, args }) => `ergane_real(exp(${call('avg', `ergane_ln(CAST(${args[0] ?? ''} AS DOUBLE))`)}))`,
  ],
  [
    'listagg(varchar, varchar) -> varchar',
    ({ aggregate: call, args }) => `ergane_listagg(${call('string_agg', ...args)})`,
  ],
  ['max_by(V, O) -> V', ({ aggregate: call, args }) => call('arg_max_null', ...args)],
  ['min_by(V, O) -> V', ({ aggregate: call, args }) => call('arg_min_null', ...args)],
  ['bitwise_and_agg(bigint) -> bigint', ({ aggregate: call, args }) => call('bit_and', ...args)],
  ['bitwise_or_agg(bigint) -> bigint', ({ aggregate: call, args }) => call('bit_or', ...args)],
  ['bitwise_xor_agg(bigint) -> bigint', ({ aggregate: call, args }) => call('bit_xor', ...args)],
);
