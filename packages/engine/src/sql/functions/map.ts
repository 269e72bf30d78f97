import type { TrinoType } from '../trino-type.ts';
import { distinctBy } from '../emit/distinct.ts';
import { identityKey, isIdentifiedNatively } from '../emit/element-key.ts';
import { bound, once, onceEach } from '../emit/once.ts';
import { failSql } from '../emit/typed.ts';
import { UNKNOWN } from '../types/type-text.ts';
import { duckdbType } from '../types/physical-type.ts';
import { nullIfAny, ofList, withArgs } from './array.ts';
import { apply, lambdaAt } from './lambda.ts';
import { aggregate, scalar, type Call, type Emit } from './signature.ts';

const keyOf = (type: TrinoType | undefined): TrinoType => (type?.kind === 'map' ? type.key : UNKNOWN);
const cast = (sql: string, type: TrinoType) => `CAST(${sql} AS ${duckdbType(type)})`;

/** A map of two lists; DuckDB refuses NULL keys and equal ones, zoned keys are compared here. */
function mapOf(keyType: TrinoType, keys: string, values: string, result: TrinoType): string {
  if (isIdentifiedNatively(keyType)) return cast(`map(${keys}, ${values})`, result);
  return onceEach([keys, values], (k = '', v = '') => {
    const ids = bound((item) => `list_transform(${k}, lambda ${item}: ${identityKey(keyType, item)})`);
    const fail = failSql('INVALID_FUNCTION_ARGUMENT', 'Duplicate map keys are not allowed', duckdbType(result));
    return `(CASE WHEN len(list_distinct(${ids})) <> len(${k}) AND list_count(${k}) = len(${k}) THEN ${fail} ELSE ${cast(`map(${k}, ${v})`, result)} END)`;
  });
}

/** The value of a key, NULL where there is none. */
export function valueAt(keyType: TrinoType, map: string, key: string): string {
  if (isIdentifiedNatively(keyType)) return `${map}[${key}]`;
  return once(identityKey(keyType, key), (wanted) =>
    bound((item) => {
      const ids = `list_transform(map_keys(${map}), lambda ${item}: ${identityKey(keyType, item)})`;
      return `map_values(${map})[list_position(${ids}, ${wanted})]`;
    }),
  );
}

const entries = (map: string) =>
  bound((entry) => {
    const pair = `struct_pack(f0 := (${entry}).key, f1 := (${entry}).value)`;
    return `list_transform(map_entries(${map}), lambda ${entry}: ${pair})`;
  });

const part = (list: string, field: string) =>
  bound((item) => `list_transform(${list}, lambda ${item}: (${item}).${field})`);

const fromEntries = ofList(({ types, result }, list) => {
  const element = types[0]?.kind === 'array' ? types[0].element : UNKNOWN;
  const keyType = element.kind === 'row' ? (element.fields[0]?.type ?? UNKNOWN) : UNKNOWN;
  const nulls = failSql('INVALID_FUNCTION_ARGUMENT', 'map entry cannot be null', duckdbType(result));
  const made = mapOf(keyType, part(list, 'f0'), part(list, 'f1'), result);
  return `(CASE WHEN ${list} IS NULL THEN NULL WHEN list_count(${list}) <> len(${list}) THEN ${nulls} ELSE ${made} END)`;
});

/** Values of each key in order; keys are told apart by identity. */
const multimapFromEntries = ofList(({ types, result }, list) => {
  const element = types[0]?.kind === 'array' ? types[0].element : UNKNOWN;
  const keyType = element.kind === 'row' ? (element.fields[0]?.type ?? UNKNOWN) : UNKNOWN;
  const type = duckdbType(result);
  const nulls = failSql('INVALID_FUNCTION_ARGUMENT', 'map entry cannot be null', type);
  const id = (item: string) => identityKey(keyType, `(${item}).f0`);
  const made = bound((item) =>
    bound((other) =>
      once(distinctBy(list, id), (firsts) => {
        const group = `list_filter(${list}, lambda ${other}: ${id(other)} IS NOT DISTINCT FROM ${id(item)})`;
        return `map(${part(firsts, 'f0')}, list_transform(${firsts}, lambda ${item}: ${part(group, 'f1')}))`;
      }),
    ),
  );
  return `(CASE WHEN ${list} IS NULL THEN NULL WHEN list_count(${list}) <> len(${list}) THEN ${nulls} ELSE ${cast(made, result)} END)`;
});

/** Later maps win. */
const concat: Emit = withArgs(({ types, result }, ...maps) => {
  if (isIdentifiedNatively(keyOf(types[0]))) return nullIfAny(maps, cast(`map_concat(${maps.join(', ')})`, result));
  const keyType = keyOf(types[0]);
  const joined = maps.map((map) => `map_entries(${map})`).reduce((all, list) => `list_concat(${all}, ${list})`);
  const kept = distinctBy(`list_reverse(${joined})`, (item) => identityKey(keyType, `(${item}).key`));
  return nullIfAny(maps, cast(`map_from_entries(${kept})`, result));
});

const filter: Emit = (call) =>
  once(call.args[0] ?? '', (map) => {
    const kept = `list_filter(${entries(map)}, ${lambdaAt(call, 1).sql})`;
    const made = once(kept, (list) => `map(${part(list, 'f0')}, ${part(list, 'f1')})`);
    return `(CASE WHEN ${map} IS NULL THEN NULL ELSE ${cast(made, call.result)} END)`;
  });

const transformKeys: Emit = (call) =>
  once(call.args[0] ?? '', (map) => {
    const keys = `list_transform(${entries(map)}, ${lambdaAt(call, 1).sql})`;
    const made = mapOf(keyOf(call.result), keys, `map_values(${map})`, call.result);
    return `(CASE WHEN ${map} IS NULL THEN NULL ELSE ${made} END)`;
  });

const transformValues: Emit = (call) =>
  once(call.args[0] ?? '', (map) => {
    const values = `list_transform(${entries(map)}, ${lambdaAt(call, 1).sql})`;
    return `(CASE WHEN ${map} IS NULL THEN NULL ELSE ${cast(`map(map_keys(${map}), ${values})`, call.result)} END)`;
  });

/** Over the keys of both maps; a value that one of them lacks is NULL. */
const zipWith: Emit = (call) =>
  onceEach(call.args.slice(0, 2), (a = '', b = '') => {
    const keyType = keyOf(call.types[0]);
    const lacks = bound(
      (key) =>
        `list_filter(map_keys(${b}), lambda ${key}: NOT coalesce(list_position(${idsOf(keyType, a)}, ${identityKey(keyType, key)}) > 0, false))`,
    );
    const made = once(`list_concat(map_keys(${a}), ${lacks})`, (keys) =>
      bound((key) => {
        const values = [key, valueAt(keyType, a, key), valueAt(keyType, b, key)];
        return `map(${keys}, list_transform(${keys}, lambda ${key}: ${apply(lambdaAt(call, 2), values)}))`;
      }),
    );
    return nullIfAny([a, b], cast(made, call.result));
  });

const idsOf = (keyType: TrinoType, map: string) =>
  isIdentifiedNatively(keyType)
    ? `map_keys(${map})`
    : bound((item) => `list_transform(map_keys(${map}), lambda ${item}: ${identityKey(keyType, item)})`);

/** Functions on maps. */
export const MAPS = scalar(
  ['map() -> map(unknown, unknown)', `CAST(map([], []) AS MAP(INTEGER, INTEGER))`],
  [
    'map(array(K), array(V)) -> map(K, V)',
    withArgs(({ types: [keys], result }, a = '', b = '') =>
      nullIfAny([a, b], mapOf(keys?.kind === 'array' ? keys.element : UNKNOWN, a, b, result)),
    ),
  ],
  ['cardinality(map(K, V)) -> bigint', 'CAST(cardinality($1) AS BIGINT)'],
  ['element_at(map(K, V), K) -> V', withArgs(({ types }, map = '', key = '') => valueAt(keyOf(types[0]), map, key))],
  ['map_keys(map(K, V)) -> array(K)', 'map_keys($1)'],
  ['map_values(map(K, V)) -> array(V)', 'map_values($1)'],
  ['map_entries(map(K, V)) -> array(row(K, V))', ({ args }) => entries(args[0] ?? '')],
  ['map_from_entries(array(row(K, V))) -> map(K, V)', fromEntries],
  ['multimap_from_entries(array(row(K, V))) -> map(K, array(V))', multimapFromEntries],
  ['map_concat(map(K, V), map(K, V), map(K, V)...) -> map(K, V)', concat],
  ['map_filter(map(K, V), function(K, V, boolean)) -> map(K, V)', filter],
  ['transform_keys(map(K, V), function(K, V, U)) -> map(U, V)', transformKeys],
  ['transform_values(map(K, V), function(K, V, U)) -> map(K, U)', transformValues],
  ['map_zip_with(map(K, V), map(K, U), function(K, V, U, R)) -> map(K, R)', zipWith],
);

/** The collected rows of an aggregate as a list of structs f0, f1 without those whose key is NULL. */
const collected = ({ aggregate: call, args: [key = '', value = ''] }: Call) =>
  bound(
    (item) =>
      `list_filter(${call('list', `struct_pack(f0 := ${key}, f1 := ${value})`)}, lambda ${item}: (${item}).f0 IS NOT NULL)`,
  );

const emptyIsNull = (list: string, sql: string) =>
  `(CASE WHEN coalesce(len(${list}), 0) = 0 THEN NULL ELSE ${sql} END)`;

/** The map of a list of structs f0, f1; of equal keys the first stays. NULL for no struct. */
function firstOfEach(list: string, keyType: TrinoType, result: TrinoType): string {
  return once(list, (pairs) => {
    const kept = distinctBy(pairs, (item) => identityKey(keyType, `(${item}).f0`));
    return emptyIsNull(
      pairs,
      once(kept, (firsts) => cast(`map(${part(firsts, 'f0')}, ${part(firsts, 'f1')})`, result)),
    );
  });
}

/** Aggregates that make maps. Of equal keys map_agg keeps the first. */
export const MAP_AGGREGATES = aggregate(
  ['map_agg(K, V) -> map(K, V)', (call) => firstOfEach(collected(call), call.types[0] ?? UNKNOWN, call.result)],
  [
    'map_union(map(K, V)) -> map(K, V)',
    (call) => {
      const all = bound(
        (map) => `list_transform(${call.aggregate('list', call.args[0] ?? '')}, lambda ${map}: ${entries(map)})`,
      );
      const made = firstOfEach(`flatten(${all})`, keyOf(call.types[0]), call.result);
      return `(CASE WHEN ${call.aggregate('count', call.args[0] ?? '')} = 0 THEN NULL ELSE ${made} END)`;
    },
  ],
  [
    'multimap_agg(K, V) -> map(K, array(V))',
    (call) => {
      const [key = UNKNOWN, value = UNKNOWN] = call.types;
      const made = multimapFromEntries;
      const types: readonly TrinoType[] = [
        { kind: 'array', element: { kind: 'row', fields: [{ type: key }, { type: value }] } },
      ];
      return once(collected(call), (list) =>
        emptyIsNull(list, typeof made === 'function' ? made({ ...call, args: [list], types }) : made),
      );
    },
  ],
  ['histogram(T) -> map(T, bigint)', ({ aggregate: call, args, result }) => cast(call('histogram', ...args), result)],
);
