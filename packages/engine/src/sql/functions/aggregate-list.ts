import { orderKey } from '../emit/element-key.ts';
import { bound, once } from '../emit/once.ts';
import { failSql } from '../emit/typed.ts';
import { UNKNOWN } from '../types/type-text.ts';
import { duckdbType } from '../types/physical-type.ts';
import { aggregate, type Emit, type Entry } from './signature.ts';

/** The first n of the rows' values in the order of a key, as an array; rows whose key is NULL do not count. */
function firstOf(descending: boolean, hasKey: boolean): Emit {
  return (call) => {
    const [value = '', ...rest] = call.args;
    const key = hasKey ? (rest[0] ?? '') : value;
    const count = rest.at(-1) ?? '';
    const type = call.types[hasKey ? 1 : 0] ?? UNKNOWN;
    const result = duckdbType(call.result);
    return once(call.aggregate('list', `struct_pack(k := ${key}, v := ${value})`), (rows) =>
      once(call.aggregate('any_value', count), (n) =>
        bound((row) =>
          bound((at) => {
            const known = `list_filter(${rows}, lambda ${row}: (${row}).k IS NOT NULL)`;
            const place = descending ? `-${at}` : at;
            const keyed = `list_transform(${known}, lambda ${row}, ${at}: struct_pack(k := ${orderKey(type, `(${row}).k`, descending)}, i := ${place}, v := (${row}).v))`;
            const sorted = `list_sort(${keyed}, '${descending ? 'DESC' : 'ASC'}')`;
            const first = `list_transform(list_slice(${sorted}, 1, ${n}), lambda ${row}: (${row}).v)`;
            const least = failSql('INVALID_FUNCTION_ARGUMENT', 'the number of values must be greater than 0', result);
            const most = failSql('INVALID_FUNCTION_ARGUMENT', 'the number of values must not exceed 10000', result);
            return `(CASE WHEN ${n} <= 0 THEN ${least} WHEN ${n} > 10000 THEN ${most} WHEN coalesce(len(${known}), 0) = 0 THEN NULL ELSE CAST(${first} AS ${result}) END)`;
          }),
        ),
      ),
    );
  };
}

/** The greatest number; NaN only where there is no other. */
const maxNumber: Emit = ({ aggregate: call, args: [value = ''] }) =>
  `coalesce(${call('max', `CASE WHEN isnan(${value}) THEN NULL ELSE ${value} END`)}, ${call('max', value)})`;

/** Of the pairs, which for DuckDB must be finite: of others, and where the answer is not finite, it is NULL. */
const finite =
  (name: string, type: 'DOUBLE' | 'FLOAT'): Emit =>
  ({ aggregate: call, args }) => {
    const known = args.map((arg) => `CASE WHEN abs(${arg}) < 1e150 THEN CAST(${arg} AS DOUBLE) END`);
    const all = call('bool_and', args.map((arg) => `abs(${arg}) < 1e150`).join(' AND '));
    return once(call(name, ...known), (value) => {
      const checked = `CASE WHEN ${all} AND isfinite(${value}) THEN CAST(${value} AS ${type}) END`;
      return `(${checked})`;
    });
  };

/** Of the pairs, whatever they are. */
const covariance =
  (name: string, type: 'DOUBLE' | 'FLOAT'): Emit =>
  ({ aggregate: call, args }) =>
    `CAST(${call(name, ...args.map((arg) => `CAST(${arg} AS DOUBLE)`))} AS ${type})`;

/** Aggregates that keep several values, and those of pairs of numbers. */
export const LIST_AGGREGATES = aggregate(
  ['max(double) -> double', maxNumber],
  ['max(real) -> real', maxNumber],
  ['max(O, bigint) -> array(O)', firstOf(true, false)],
  ['min(O, bigint) -> array(O)', firstOf(false, false)],
  ['max_by(V, O, bigint) -> array(V)', firstOf(true, true)],
  ['min_by(V, O, bigint) -> array(V)', firstOf(false, true)],
  ...['covar_pop', 'covar_samp'].flatMap<Entry>((name) => [
    [`${name}(double, double) -> double`, covariance(name, 'DOUBLE')],
    [`${name}(real, real) -> real`, covariance(name, 'FLOAT')],
  ]),
  ...['corr', 'regr_slope', 'regr_intercept'].flatMap<Entry>((name) => [
    [`${name}(double, double) -> double`, finite(name, 'DOUBLE')],
    [`${name}(real, real) -> real`, finite(name, 'FLOAT')],
  ]),
);
