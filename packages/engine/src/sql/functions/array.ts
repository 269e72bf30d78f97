import type { TrinoType } from '../trino-type.ts';
import { castSql } from '../casts/cast.ts';
import { equalSql } from '../emit/compare.ts';
import { isOrderedNatively, orderKey } from '../emit/element-key.ts';
import { bound, once, onceEach } from '../emit/once.ts';
import { failSql } from '../emit/typed.ts';
import { UNKNOWN, VARCHAR, printType } from '../types/type-text.ts';
import { duckdbType } from '../types/physical-type.ts';
import { ErganeError } from '@ergane/protocol';
import { scalar, type Call, type Emit } from './signature.ts';

/** The element type of an array argument. */
export const elementOf = (type: TrinoType | undefined): TrinoType => (type?.kind === 'array' ? type.element : UNKNOWN);

const invalid = (message: string, type: TrinoType) => failSql('INVALID_FUNCTION_ARGUMENT', message, duckdbType(type));

/** An expression of the arguments, each named once. */
const withArgs =
  (use: (call: Call, ...names: readonly string[]) => string): Emit =>
  (call) =>
    onceEach(call.args, (...names) => use(call, ...names));

const nullIfAny = (names: readonly string[], sql: string) =>
  `(CASE WHEN ${names.map((name) => `${name} IS NULL`).join(' OR ')} THEN NULL ELSE ${sql} END)`;

/** Whether each element equals the value, unknown where it cannot be told. */
const equalEach = (type: TrinoType, list: string, value: string) =>
  bound((item) => `list_transform(${list}, lambda ${item}: ${equalSql(type, item, value)})`);

/** `array_min` and `array_max`: NULL if an element is; NaN counts only where there is nothing else. */
function extreme(name: 'min' | 'max'): Emit {
  return withArgs(({ types, result }, list = '') => {
    const type = elementOf(types[0]);
    const nanFirst = name === 'max';
    const native = isOrderedNatively(type, nanFirst) && type.kind !== 'array' && type.kind !== 'row';
    const pick = native
      ? `list_aggregate(${list}, '${name}')`
      : bound((best) =>
          bound((next) => {
            const [a, b] = [orderKey(type, best, nanFirst), orderKey(type, next, nanFirst)];
            return `list_reduce(${list}, lambda ${best}, ${next}: CASE WHEN ${b} ${name === 'max' ? '>' : '<'} ${a} THEN ${next} ELSE ${best} END)`;
          }),
        );
    return `(CASE WHEN len(${list}) = 0 OR len(${list}) <> list_count(${list}) THEN CAST(NULL AS ${duckdbType(result)}) ELSE ${pick} END)`;
  });
}

/** Natural order; NULL last. Zoned values are ordered by instant, equal ones keep their order. */
const sort: Emit = ({ args: [list = ''], types }) => {
  const type = elementOf(types[0]);
  if (isOrderedNatively(type, false)) return `list_sort(${list}, 'ASC', 'NULLS LAST')`;
  return bound((item) =>
    bound((index) => {
      const keyed = `struct_pack(k := ${orderKey(type, item, false)}, i := ${index}, v := ${item})`;
      return `list_transform(list_sort(list_transform(${list}, lambda ${item}, ${index}: ${keyed}), 'ASC', 'NULLS LAST'), lambda ${item}: (${item}).v)`;
    }),
  );
};

const elementAt = withArgs(
  ({ result }, list = '', at = '') =>
    `(CASE WHEN ${at} = 0 THEN ${invalid('SQL array indices start at 1', result)} ELSE ${list}[${at}] END)`,
);

const slice = withArgs(
  ({ result }, list = '', start = '', length = '') =>
    `(CASE WHEN ${list} IS NULL OR ${start} IS NULL OR ${length} IS NULL THEN NULL WHEN ${length} < 0 THEN ${invalid('length must be greater than or equal to 0', result)} WHEN ${start} = 0 THEN ${invalid('SQL array indices start at 1', result)} WHEN ${length} = 0 OR abs(${start}) > len(${list}) THEN CAST([] AS ${duckdbType(result)}) WHEN ${start} > 0 THEN list_slice(${list}, ${start}, CAST(least(CAST(${start} AS HUGEINT) + ${length} - 1, len(${list})) AS BIGINT)) ELSE list_slice(${list}, len(${list}) + ${start} + 1, CAST(least(CAST(len(${list}) AS HUGEINT) + ${start} + ${length}, len(${list})) AS BIGINT)) END)`,
);

const trimArray = withArgs(
  ({ result }, list = '', size = '') =>
    `(CASE WHEN ${size} < 0 THEN ${invalid('size must not be negative', result)} WHEN ${size} > len(${list}) THEN ${invalid('size must not exceed array cardinality', result)} WHEN ${list} IS NULL OR ${size} IS NULL THEN NULL ELSE list_slice(${list}, 1, len(${list}) - ${size}) END)`,
);

const contains = withArgs(({ types }, list = '', value = '') => {
  const type = elementOf(types[0]);
  return nullIfAny([list, value], `ergane_any(${equalEach(type, list, value)})`);
});

const position = withArgs(({ types }, list = '', value = '') => {
  const equal = equalEach(elementOf(types[0]), list, value);
  return nullIfAny([list, value], `CAST(coalesce(list_position(${equal}, true), 0) AS BIGINT)`);
});

const remove = withArgs(({ types }, list = '', value = '') => {
  const kept = bound(
    (item) => `list_filter(${list}, lambda ${item}: coalesce(NOT ${equalSql(elementOf(types[0]), item, value)}, true))`,
  );
  return nullIfAny([list, value], kept);
});

function join(call: Call, list: string, separator: string, replacement?: string): string {
  const type = elementOf(call.types[0]);
  const text = bound((item) => {
    const cast = castSql(type, VARCHAR, item);
    if (cast === undefined || type.kind === 'varbinary') {
      throw new ErganeError('INVALID_FUNCTION_ARGUMENT', `Input type ${printType(type)} not supported`);
    }
    const each = replacement === undefined ? cast : `coalesce(${cast}, ${replacement})`;
    return `list_transform(${list}, lambda ${item}: ${each})`;
  });
  return `ergane_concat_ws(${separator}, ${text})`;
}

const repeat = withArgs(
  ({ result }, value = '', count = '') =>
    `(CASE WHEN ${count} IS NULL THEN NULL WHEN ${count} > 10000 THEN ${invalid('count argument of repeat function must be less than or equal to 10000', result)} ELSE CAST(list_transform(range(greatest(${count}, 0)), ${bound((index) => `lambda ${index}: ${value}`)}) AS ${duckdbType(result)}) END)`,
);

/** Arrays side by side, the shorter ones padded with NULL. */
export const zipSql = (lists: readonly string[]) =>
  bound((index) => {
    const fields = lists.map((list, position) => `f${position} := ${list}[${index}]`).join(', ');
    const longest = `greatest(${lists.map((list) => `len(${list})`).join(', ')})`;
    return nullIfAny(lists, `list_transform(range(1, ${longest} + 1), lambda ${index}: struct_pack(${fields}))`);
  });

const ngrams = withArgs(({ result }, list = '', size = '') => {
  const parts = bound(
    (index) =>
      `list_transform(range(1, greatest(len(${list}) - ${size} + 1, 1) + 1), lambda ${index}: list_slice(${list}, ${index}, ${index} + ${size} - 1))`,
  );
  return `(CASE WHEN ${size} <= 0 THEN ${invalid('N must be positive', result)} WHEN ${list} IS NULL OR ${size} IS NULL THEN NULL ELSE ${parts} END)`;
});

const combinations = withArgs(({ result }, list = '', size = '') => {
  const chosen = bound((indexes) =>
    bound(
      (index) =>
        `list_transform(ergane_combinations(len(${list}), ${size}), lambda ${indexes}: list_transform(${indexes}, lambda ${index}: ${list}[${index}]))`,
    ),
  );
  return nullIfAny([list, size], `CAST(${chosen} AS ${duckdbType(result)})`);
});

const containsSequence = withArgs(({ types }, list = '', part = '') => {
  const type: TrinoType = { kind: 'array', element: elementOf(types[0]) };
  const found = bound((index) => {
    const same = `${list}[${index}:${index} + len(${part}) - 1] IS NOT DISTINCT FROM ${part}`;
    const test = isOrderedNatively(type, false)
      ? same
      : `coalesce(${equalSql(type, `${list}[${index}:${index} + len(${part}) - 1]`, part)}, false)`;
    return `list_transform(range(1, len(${list}) - len(${part}) + 2), lambda ${index}: ${test})`;
  });
  return nullIfAny([list, part], `(len(${part}) = 0 OR coalesce(list_aggregate(${found}, 'bool_or'), false))`);
});

const shuffle: Emit = ({ args: [list = ''] }) =>
  bound(
    (item) =>
      `list_transform(list_sort(list_transform(${list}, lambda ${item}: struct_pack(k := random(), v := ${item}))), lambda ${item}: (${item}).v)`,
  );

/** Functions of two vectors of the same length; a NULL element makes the answer NULL. */
const vector = (use: (a: string, b: string) => string): Emit =>
  withArgs((_call, a = '', b = '') => {
    const fail = failSql('INVALID_FUNCTION_ARGUMENT', 'The arguments must have the same length', 'DOUBLE');
    return `(CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL WHEN len(${a}) <> len(${b}) THEN ${fail} WHEN list_count(${a}) <> len(${a}) OR list_count(${b}) <> len(${b}) THEN NULL ELSE ${use(a, b)} END)`;
  });

const dot = (a: string, b: string) => `coalesce(list_inner_product(${a}, ${b}), 0)`;
const cosine = (a: string, b: string) =>
  `(CASE WHEN ${dot(a, a)} = 0 OR ${dot(b, b)} = 0 THEN CAST(ergane_fail('INVALID_FUNCTION_ARGUMENT: Vector magnitude cannot be zero') AS DOUBLE) ELSE ${dot(a, b)} / (sqrt(${dot(a, a)}) * sqrt(${dot(b, b)})) END)`;

const vectors = (name: string, use: (a: string, b: string) => string) =>
  [
    [`${name}(array(double), array(double)) -> double`, vector(use)],
    [
      `${name}(array(real), array(real)) -> double`,
      (call: Call) => {
        const args = call.args.map((arg) => `CAST(${arg} AS DOUBLE[])`);
        const emit = vector(use);
        return typeof emit === 'function' ? emit({ ...call, args }) : emit;
      },
    ],
  ] as const;

const concat: Emit = withArgs((_call, ...lists) =>
  nullIfAny(
    lists,
    lists.reduce((all, list) => `list_concat(${all}, ${list})`),
  ),
);

/** Functions on arrays that take no lambda. */
export const ARRAYS = scalar(
  ['cardinality(array(T)) -> bigint', 'len($1)'],
  ['element_at(array(T), bigint) -> T', elementAt],
  ['array_first(array(T)) -> T', '$1[1]'],
  ['array_last(array(T)) -> T', '$1[-1]'],
  ['array_min(array(O)) -> O', extreme('min')],
  ['array_max(array(O)) -> O', extreme('max')],
  ['array_sort(array(O)) -> array(O)', sort],
  ['contains(array(T), T) -> boolean', contains],
  ['array_position(array(T), T) -> bigint', position],
  ['array_remove(array(T), T) -> array(T)', remove],
  ['array_join(array(T), varchar) -> varchar', (call) => join(call, call.args[0] ?? '', call.args[1] ?? '')],
  [
    'array_join(array(T), varchar, varchar) -> varchar',
    withArgs((call, list = '', separator = '', replacement = '') =>
      nullIfAny([replacement], join(call, list, separator, replacement)),
    ),
  ],
  ['slice(array(T), bigint, bigint) -> array(T)', slice],
  ['trim_array(array(T), bigint) -> array(T)', trimArray],
  ['reverse(array(T)) -> array(T)', 'list_reverse($1)'],
  ['repeat(T, bigint) -> array(T)', repeat],
  ['flatten(array(array(T))) -> array(T)', 'flatten($1)'],
  ['concat(array(T), array(T), array(T)...) -> array(T)', concat],
  [
    'concat(array(T), T) -> array(T)',
    withArgs((_call, list = '', item = '') => nullIfAny([list, item], `list_concat(${list}, [${item}])`)),
  ],
  [
    'concat(T, array(T)) -> array(T)',
    withArgs((_call, item = '', list = '') => nullIfAny([item, list], `list_concat([${item}], ${list})`)),
  ],
  ['shuffle(array(T)) -> array(T)', shuffle],
  ['ngrams(array(T), integer) -> array(array(T))', ngrams],
  ['combinations(array(T), integer) -> array(array(T))', combinations],
  ['contains_sequence(array(T), array(T)) -> boolean', containsSequence],
  ['zip(array(T), array(U)) -> array(row(T, U))', withArgs((_call, ...lists) => zipSql(lists))],
  ['zip(array(T), array(U), array(V)) -> array(row(T, U, V))', withArgs((_call, ...lists) => zipSql(lists))],
  [
    'zip(array(T), array(U), array(V), array(W)) -> array(row(T, U, V, W))',
    withArgs((_call, ...lists) => zipSql(lists)),
  ],
  [
    'zip(array(T), array(U), array(V), array(W), array(X)) -> array(row(T, U, V, W, X))',
    withArgs((_call, ...lists) => zipSql(lists)),
  ],
  ...vectors('dot_product', dot),
  ...vectors('euclidean_distance', (a, b) => `coalesce(list_distance(${a}, ${b}), 0)`),
  ...vectors('cosine_similarity', cosine),
  ...vectors('cosine_distance', (a, b) => `(1 - ${cosine(a, b)})`),
);

/** `once` of the first argument; for the other array families. */
export const ofList =
  (use: (call: Call, list: string) => string): Emit =>
  (call) =>
    once(call.args[0] ?? '', (list) => use(call, list));
export { withArgs, nullIfAny };
