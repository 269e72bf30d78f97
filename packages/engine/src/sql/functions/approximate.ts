import type { TrinoType } from '../trino-type.ts';
import { identityKey, orderKey } from '../emit/element-key.ts';
import { bound, once, onceEach } from '../emit/once.ts';
import { failSql } from '../emit/typed.ts';
import { UNKNOWN } from '../types/type-text.ts';
import { duckdbType } from '../types/physical-type.ts';
import { aggregate, scalar, type Call, type Emit, type Entry } from './signature.ts';

const fail = (message: string, type: TrinoType) => failSql('INVALID_FUNCTION_ARGUMENT', message, duckdbType(type));

/** Counts exactly, which is within every standard error that may be asked for. */
const distinctCount: Emit = ({ aggregate: call, args: [value = ''], types: [type = UNKNOWN] }) =>
  call('count', `DISTINCT ${identityKey(type, value)}`);

const ERROR_RANGE = 'Max standard error must be in [0.0040625, 0.26000]';
const withinError = (use: Emit): Emit => {
  return (call) => {
    const error = call.args[1] ?? '';
    const value = typeof use === 'function' ? use(call) : use;
    return `(CASE WHEN ${call.aggregate('any_value', error)} NOT BETWEEN 0.0040625 AND 0.26 THEN ${fail(ERROR_RANGE, call.result)} ELSE ${value} END)`;
  };
};

/** Of each value's hash: 12 bits choose the register, the zeros that lead the rest its rank. */
const approxSet: Emit = ({ aggregate: call, args: [value = ''], types: [type = UNKNOWN] }) => {
  const rest = `(h & 4503599627370495)`;
  const rank = `CAST(CASE WHEN ${rest} = 0 THEN 53 ELSE 52 - floor(log2(CAST(${rest} AS DOUBLE))) END AS BIGINT)`;
  const hash = `CAST(hash(${identityKey(type, value)}) AS UBIGINT)`;
  const pair = `list_transform([${hash}], lambda h: CAST(h >> 52 AS BIGINT) * 64 + ${rank})[1]`;
  const pairs = call('list', `DISTINCT CASE WHEN ${value} IS NULL THEN NULL ELSE ${pair} END`);
  return `(CASE WHEN ${call('count', value)} = 0 THEN NULL ELSE ergane_hll_make(${pairs}) END)`;
};

/** The values of the rows, without those where one of them is NULL, as a list of structs f0, f1. */
function rows({ aggregate: call }: Call, ...columns: readonly string[]): string {
  const struct = `struct_pack(${columns.map((column, index) => `f${index} := ${column}`).join(', ')})`;
  return bound((row) => {
    const known = columns.map((_column, index) => `(${row}).f${index} IS NOT NULL`).join(' AND ');
    return `list_filter(${call('list', struct)}, lambda ${row}: ${known})`;
  });
}

const field = (list: string, index: number, type?: string) =>
  bound((row) => {
    const value = `(${row}).f${index}`;
    return `list_transform(${list}, lambda ${row}: ${type === undefined ? value : `CAST(${value} AS ${type})`})`;
  });

/** Values and weights that a digest refuses. */
function checkedDigest(call: Call, sql: string, weight?: string): string {
  const [value = ''] = call.args;
  const type = call.types[0];
  const tests = [
    ...(type?.kind === 'double' || type?.kind === 'real' ? [`NOT isfinite(${value})`] : []),
    ...(weight === undefined ? [] : [`(${value} IS NOT NULL AND (NOT isfinite(${weight}) OR ${weight} < 1))`]),
  ];
  if (tests.length === 0) return sql;
  const wrong = fail('value and weight must be finite, and the weight not less than 1', call.result);
  return `(CASE WHEN ${call.aggregate('bool_or', tests.join(' OR '))} THEN ${wrong} ELSE ${sql} END)`;
}

/** Every percentile wanted: the argument is one or an array of them. */
function percentiles(call: Call, wanted: string, at: (percentile: string) => string): string {
  const check = (percentile: string, type: TrinoType) =>
    `(CASE WHEN ${percentile} NOT BETWEEN 0 AND 1 THEN ${fail('Percentile must be between 0 and 1', type)} ELSE ${at(percentile)} END)`;
  const { result } = call;
  if (result.kind !== 'array') return check(wanted, result);
  return bound((each) => `list_transform(${wanted}, lambda ${each}: ${check(each, result.element)})`);
}

/** The value whose rank the percentile falls on; exact, so within every error. */
const percentile: Emit = (call) => {
  const [value = '', wanted = ''] = call.args;
  const type = call.types[0] ?? UNKNOWN;
  const found = once(rows(call, orderKey(type, value, false)), (list) =>
    once(`list_sort(${field(list, 0)})`, (sorted) => {
      const at = (each: string) =>
        `${sorted}[CAST(least(floor(${each} * len(${sorted})) + 1, len(${sorted})) AS BIGINT)]`;
      return `(CASE WHEN coalesce(len(${sorted}), 0) = 0 THEN NULL ELSE ${percentiles(call, call.aggregate('any_value', wanted), at)} END)`;
    }),
  );
  return checkedDigest(call, found);
};

const weightedPercentile: Emit = (call) => {
  const [value = '', weight = '', wanted = ''] = call.args;
  const type = call.result.kind === 'array' ? call.result.element : call.result;
  const found = once(rows(call, value, weight), (list) =>
    once(`ergane_tdigest_make(${field(list, 0, 'DOUBLE')}, ${field(list, 1, 'DOUBLE')})`, (digest) => {
      const at = (each: string) => {
        const found = `ergane_tdigest_value(${digest}, CAST(${each} AS DOUBLE))`;
        return `CAST(${type.kind === 'bigint' ? `round(${found})` : found} AS ${duckdbType(type)})`;
      };
      return `(CASE WHEN coalesce(len(${list}), 0) = 0 THEN NULL ELSE ${percentiles(call, call.aggregate('any_value', wanted), at)} END)`;
    }),
  );
  return checkedDigest(call, found, weight);
};

/** With an accuracy, which is always kept: the value whose weight and all before it make the percentile's share. */
const accuratePercentile: Emit = (call) => {
  const [value = '', weight = '', wanted = '', accuracy = ''] = call.args;
  const kind = call.result.kind === 'bigint' ? 'long' : 'double';
  const found = once(rows(call, value, weight), (list) => {
    const values = field(list, 0, kind === 'long' ? 'BIGINT' : 'DOUBLE');
    const digest = `ergane_qdigest_make_${kind}(${values}, ${field(list, 1, 'DOUBLE')})`;
    const at = (each: string) => `CAST(ergane_qdigest_value_${kind}(${digest}, ${each}) AS ${duckdbType(call.result)})`;
    return `(CASE WHEN coalesce(len(${list}), 0) = 0 THEN NULL ELSE ${percentiles(call, call.aggregate('any_value', wanted), at)} END)`;
  });
  const wrong = fail('Percentile accuracy must be strictly between 0 and 1', call.result);
  return `(CASE WHEN ${call.aggregate('bool_or', `${value} IS NOT NULL AND ${weight} IS NOT NULL AND (${accuracy} <= 0 OR ${accuracy} >= 1)`)} THEN ${wrong} ELSE ${found} END)`;
};

const percentileEntries = (['bigint', 'double', 'real'] as const).flatMap<Entry>((type) => [
  [`approx_percentile(${type}, double) -> ${type}`, percentile],
  [`approx_percentile(${type}, array(double)) -> array(${type})`, percentile],
  [`approx_percentile(${type}, double, double) -> ${type}`, weightedPercentile],
  [`approx_percentile(${type}, double, array(double)) -> array(${type})`, weightedPercentile],
  [`approx_percentile(${type}, double, double, double) -> ${type}`, accuratePercentile],
]);

/** The most frequent values, counted exactly. */
const mostFrequent: Emit = ({ aggregate: call, args: [buckets = '', value = ''], result }) =>
  once(call('histogram', value), (counts) =>
    bound((entry) => {
      const keyed = `list_transform(map_entries(${counts}), lambda ${entry}: struct_pack(n := -CAST((${entry}).value AS BIGINT), v := (${entry}).key))`;
      const first = `list_slice(list_sort(${keyed}), 1, ${call('any_value', buckets)})`;
      const made = once(
        first,
        (list) =>
          `map(list_transform(${list}, lambda ${entry}: (${entry}).v), list_transform(${list}, lambda ${entry}: -(${entry}).n))`,
      );
      const least = fail('approx_most_frequent bucket count must be greater than one', result);
      return `(CASE WHEN ${counts} IS NULL THEN NULL WHEN ${call('any_value', buckets)} < 2 THEN ${least} ELSE CAST(${made} AS ${duckdbType(result)}) END)`;
    }),
  );

const numericHistogram: Emit = (call) => {
  const [buckets = '', value = '', weight = '1'] = call.args;
  return once(rows(call, value, weight), (list) => {
    const count = call.aggregate('any_value', buckets);
    const parts = `${field(list, 0, 'DOUBLE')}, ${field(list, 1, 'DOUBLE')}`;
    const made = onceEach(
      [`ergane_bin_means(${count}, ${parts})`, `ergane_bin_weights(${count}, ${parts})`],
      (means = '', weights = '') => `map(${means}, ${weights})`,
    );
    return `(CASE WHEN coalesce(len(${list}), 0) = 0 THEN NULL WHEN ${count} < 2 THEN ${fail('numeric_histogram bucket count must be greater than one', call.result)} ELSE CAST(${made} AS ${duckdbType(call.result)}) END)`;
  });
};

const digest: Emit = (call) => {
  const [value = '', weight] = call.args;
  const made = once(
    rows(call, value, weight ?? '1'),
    (list) =>
      `(CASE WHEN coalesce(len(${list}), 0) = 0 THEN NULL ELSE ergane_tdigest_make(${field(list, 0, 'DOUBLE')}, ${field(list, 1, 'DOUBLE')}) END)`,
  );
  return checkedDigest(call, made, weight);
};

const merge =
  (name: string): Emit =>
  ({ aggregate: call, args: [value = ''] }) =>
    `(CASE WHEN ${call('count', value)} = 0 THEN NULL ELSE ergane_${name}_merge(${call('list', value)}) END)`;

/** Aggregates that Trino approximates. */
export const APPROXIMATE_AGGREGATES = aggregate(
  ['approx_distinct(T) -> bigint', distinctCount],
  ['approx_distinct(boolean, double) -> bigint', distinctCount],
  ['approx_distinct(unknown, double) -> bigint', distinctCount],
  ['approx_distinct(T, double) -> bigint', withinError(distinctCount)],
  ['approx_set(bigint) -> hyperloglog', approxSet],
  ['approx_set(double) -> hyperloglog', approxSet],
  ['approx_set(varchar) -> hyperloglog', approxSet],
  ['approx_set(bigint, double) -> hyperloglog', withinError(approxSet)],
  ['approx_set(double, double) -> hyperloglog', withinError(approxSet)],
  ['approx_set(varchar, double) -> hyperloglog', withinError(approxSet)],
  ['merge(hyperloglog) -> hyperloglog', merge('hll')],
  ['merge(tdigest) -> tdigest', merge('tdigest')],
  ['tdigest_agg(double) -> tdigest', digest],
  ['tdigest_agg(double, double) -> tdigest', digest],
  ...percentileEntries,
  ['approx_most_frequent(bigint, bigint, bigint) -> map(bigint, bigint)', mostFrequent],
  ['approx_most_frequent(bigint, varchar, bigint) -> map(varchar, bigint)', mostFrequent],
  ['numeric_histogram(bigint, double) -> map(double, double)', numericHistogram],
  ['numeric_histogram(bigint, double, double) -> map(double, double)', numericHistogram],
  ['numeric_histogram(bigint, real) -> map(real, real)', numericHistogram],
  ['numeric_histogram(bigint, real, double) -> map(real, real)', numericHistogram],
);

/** Functions on sketches. */
export const SKETCHES = scalar(
  ['cardinality(hyperloglog) -> bigint', 'ergane_hll_cardinality($1)'],
  ['empty_approx_set() -> hyperloglog', 'ergane_hll_empty(true)'],
  ['empty_approx_set(double) -> hyperloglog', 'ergane_hll_empty($1 > 0)'],
  ['value_at_quantile(tdigest, double) -> double', 'ergane_tdigest_value($1, $2)'],
  [
    'values_at_quantiles(tdigest, array(double)) -> array(double)',
    ({ args }) =>
      onceEach(args, (sketch = '', quantiles = '') =>
        bound((each) => {
          const values = `list_transform(${quantiles}, lambda ${each}: ergane_tdigest_value(${sketch}, ${each}))`;
          const unsorted = failSql(
            'INVALID_FUNCTION_ARGUMENT',
            'Quantiles must be sorted in increasing order',
            'DOUBLE[]',
          );
          return `(CASE WHEN ${sketch} IS NULL THEN NULL WHEN ${quantiles} <> list_sort(${quantiles}) THEN ${unsorted} ELSE ${values} END)`;
        }),
      ),
  ],
  ['quantile_at_value(tdigest, double) -> double', 'ergane_tdigest_quantile($1, $2)'],
  [
    'quantiles_at_values(tdigest, array(double)) -> array(double)',
    ({ args }) =>
      onceEach(args, (sketch = '', values = '') =>
        bound((each) => `list_transform(${values}, lambda ${each}: ergane_tdigest_quantile(${sketch}, ${each}))`),
      ),
  ],
  ['scale_tdigest(tdigest, double) -> tdigest', 'ergane_tdigest_scale($1, $2)'],
);
