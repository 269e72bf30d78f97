import type { TrinoType } from '../trino-type.ts';
import { distinctBy } from '../emit/distinct.ts';
import { identityKey, isIdentifiedNatively } from '../emit/element-key.ts';
import { bound, once } from '../emit/once.ts';
import { duckdbType } from '../types/physical-type.ts';
import { elementOf, nullIfAny, ofList, withArgs } from './array.ts';
import { scalar } from './signature.ts';

const keysOf = (type: TrinoType, list: string) =>
  isIdentifiedNatively(type)
    ? list
    : bound((item) => `list_transform(${list}, lambda ${item}: ${identityKey(type, item)})`);

/** The first of each group of identical elements, in order; one NULL stays. */
const distinct = (type: TrinoType, list: string) => distinctBy(list, (item) => identityKey(type, item));

function whereIn(type: TrinoType, list: string, other: string, isIn: boolean): string {
  return once(keysOf(type, other), (keys) =>
    bound(
      (item) =>
        `list_filter(${list}, lambda ${item}: list_position(${keys}, ${identityKey(type, item)}) IS ${isIn ? 'NOT ' : ''}NULL)`,
    ),
  );
}

/** Functions that see an array as a set: elements are the same when Trino's IDENTICAL says so (NULL is NULL, NaN is NaN). */
export const ARRAY_SETS = scalar(
  ['array_distinct(array(T)) -> array(T)', ofList(({ types }, list) => distinct(elementOf(types[0]), list))],
  [
    'array_union(array(T), array(T)) -> array(T)',
    withArgs(({ types }, a = '', b = '') =>
      nullIfAny(
        [a, b],
        once(`list_concat(${a}, ${b})`, (all) => distinct(elementOf(types[0]), all)),
      ),
    ),
  ],
  [
    'array_intersect(array(T), array(T)) -> array(T)',
    withArgs(({ types }, a = '', b = '') => {
      const type = elementOf(types[0]);
      return nullIfAny(
        [a, b],
        once(whereIn(type, a, b, true), (both) => distinct(type, both)),
      );
    }),
  ],
  [
    'array_except(array(T), array(T)) -> array(T)',
    withArgs(({ types }, a = '', b = '') => {
      const type = elementOf(types[0]);
      return nullIfAny(
        [a, b],
        // Trino gives the first array as it is, its repetitions too, when nothing is to be left out
        `(CASE WHEN len(${b}) = 0 THEN ${a} ELSE ${once(whereIn(type, a, b, false), (rest) => distinct(type, rest))} END)`,
      );
    }),
  ],
  [
    'arrays_overlap(array(T), array(T)) -> boolean',
    withArgs(({ types }, a = '', b = '') => {
      const known = bound((item) => `list_filter(${a}, lambda ${item}: ${item} IS NOT NULL)`);
      const common = whereIn(elementOf(types[0]), known, b, true);
      const unknown = (list: string) => `(len(${list}) > list_count(${list}))`;
      return `(CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL WHEN len(${common}) > 0 THEN true WHEN len(${a}) > 0 AND len(${b}) > 0 AND (${unknown(a)} OR ${unknown(b)}) THEN NULL ELSE false END)`;
    }),
  ],
  [
    'array_histogram(array(T)) -> map(T, bigint)',
    ofList(({ types, result }, list) => {
      const type = elementOf(types[0]);
      const known = bound((item) => `list_filter(${list}, lambda ${item}: ${item} IS NOT NULL)`);
      const counts = once(known, (values) =>
        once(keysOf(type, values), (keys) =>
          once(distinct(type, values), (each) =>
            bound((item) =>
              bound(
                (key) =>
                  `map(${each}, list_transform(${each}, lambda ${item}: len(list_filter(${keys}, lambda ${key}: ${key} IS NOT DISTINCT FROM ${identityKey(type, item)}))))`,
              ),
            ),
          ),
        ),
      );
      return `(CASE WHEN ${list} IS NULL THEN NULL ELSE CAST(${counts} AS ${duckdbType(result)}) END)`;
    }),
  ],
);
