import type { TrinoType } from '../trino-type.ts';
import { bound, once, onceEach } from '../emit/once.ts';
import { duckdbType } from '../types/physical-type.ts';
import { ofList, zipSql } from './array.ts';
import { aggregate, scalar, type Call, type Emit, type Lambda } from './signature.ts';

/** The lambda at a position of a call. */
export function lambdaAt({ lambdas }: Call, index: number): Lambda {
  const lambda = lambdas[index];
  if (!lambda) throw new TypeError(`argument ${index + 1} is not a lambda`);
  return lambda;
}

/** A lambda of several parameters, applied to these values. */
export const apply = ({ parameter, body }: Lambda, values: readonly string[]) =>
  values.length === 1
    ? `list_transform([${values[0] ?? ''}], lambda ${parameter}: ${body})[1]`
    : `list_transform([struct_pack(${values.map((value, index) => `f${index} := ${value}`).join(', ')})], lambda ${parameter}: ${body})[1]`;

const matches =
  (macro: 'any' | 'all', isNegated = false): Emit =>
  (call) => {
    const each = `list_transform(${call.args[0] ?? ''}, ${lambdaAt(call, 1).sql})`;
    const value = `ergane_${macro}(CAST(${each} AS BOOLEAN[]))`;
    return isNegated ? `(NOT ${value})` : value;
  };

/** The state and the elements go through DuckDB's list_reduce in structs, because there both have one type. */
function reduceSql(call: Call): string {
  const [list = '', initial = ''] = call.args;
  const state = duckdbType(call.types[1] ?? { kind: 'unknown' });
  const [input, output] = [lambdaAt(call, 2), lambdaAt(call, 3)];
  return once(list, (items) =>
    bound((a) =>
      bound((b) => {
        const element = duckdbType(elementType(call.types[0]));
        const pack = (s: string, x: string) =>
          `struct_pack(s := CAST(${s} AS ${state}), x := CAST(${x} AS ${element}))`;
        const elements = `list_transform(${items}, lambda ${a}: ${pack('NULL', a)})`;
        const step = pack(apply(input, [`(${a}).s`, `(${b}).x`]), 'NULL');
        const final = `(list_reduce(${elements}, lambda ${a}, ${b}: ${step}, ${pack(initial, 'NULL')})).s`;
        return `(CASE WHEN ${items} IS NULL THEN NULL ELSE ${apply(output, [final])} END)`;
      }),
    ),
  );
}

const elementType = (type: TrinoType | undefined): TrinoType =>
  type?.kind === 'array' ? type.element : { kind: 'unknown' };

/** The comparator's answers for all pairs; JavaScript sorts by them in the same steps as Java, so that odd comparators agree too. */
const sortBy = ofList((call, list) => {
  const comparator = lambdaAt(call, 1);
  return bound((a) =>
    bound((b) => {
      const row = `list_transform(${list}, lambda ${b}: CAST(${apply(comparator, [a, b])} AS BIGINT))`;
      const order = `ergane_sort_order(flatten(list_transform(${list}, lambda ${a}: ${row})))`;
      return `(CASE WHEN len(${list}) < 2 THEN ${list} ELSE list_transform(${order}, lambda ${a}: ${list}[${a}]) END)`;
    }),
  );
});

const zipWith: Emit = (call) =>
  onceEach(call.args.slice(0, 2), (a = '', b = '') => `list_transform(${zipSql([a, b])}, ${lambdaAt(call, 2).sql})`);

const typed =
  (emit: Emit): Emit =>
  (call) =>
    `CAST(${typeof emit === 'function' ? emit(call) : emit} AS ${duckdbType(call.result)})`;

/** Functions on arrays that take a lambda. */
export const LAMBDAS = scalar(
  ['transform(array(T), function(T, U)) -> array(U)', typed(({ args }) => `list_transform(${args.join(', ')})`)],
  ['filter(array(T), function(T, boolean)) -> array(T)', ({ args }) => `list_filter(${args.join(', ')})`],
  ['any_match(array(T), function(T, boolean)) -> boolean', matches('any')],
  ['all_match(array(T), function(T, boolean)) -> boolean', matches('all')],
  ['none_match(array(T), function(T, boolean)) -> boolean', matches('any', true)],
  ['reduce(array(T), S, function(S, T, S), function(S, R)) -> R', typed(reduceSql)],
  ['array_sort(array(T), function(T, T, integer)) -> array(T)', sortBy],
  ['zip_with(array(T), array(U), function(T, U, R)) -> array(R)', typed(zipWith)],
);

/** `reduce_agg`: the rows' values, NULLs left out, reduced in the order in which they come. */
export const LAMBDA_AGGREGATES = aggregate([
  'reduce_agg(T, S, function(S, T, S), function(S, S, S)) -> S',
  (call) => {
    const element = call.types[0] ?? { kind: 'unknown' as const };
    const known = bound(
      (item) => `list_filter(${call.aggregate('list', call.args[0] ?? '')}, lambda ${item}: ${item} IS NOT NULL)`,
    );
    const parameter = 'state';
    const output: Lambda = {
      parameter,
      body: parameter,
      sql: `lambda ${parameter}: ${parameter}`,
      result: call.result,
    };
    const reduced = reduceSql({
      ...call,
      args: [known, call.args[1] ?? ''],
      types: [{ kind: 'array', element }, call.result],
      lambdas: [undefined, undefined, call.lambdas[2], output],
    });
    return `(CASE WHEN ${call.aggregate('count', call.args[0] ?? '')} = 0 THEN NULL ELSE ${reduced} END)`;
  },
]);
