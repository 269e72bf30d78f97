import { bound, once } from './once.ts';

/** Up to this length a list is searched for every element; longer ones are sorted. */
const SHORT = 256;

/** The first of the elements that have the same key, in their order. */
export function distinctBy(list: string, keyOf: (item: string) => string): string {
  return once(list, (items) =>
    bound((item) =>
      bound((at) => {
        const keys = keyOf(item) === item ? items : `list_transform(${items}, lambda ${item}: ${keyOf(item)})`;
        const searched = once(
          keys,
          (ids) => `list_filter(${items}, lambda ${item}, ${at}: list_position(${ids}, ${keyOf(item)}) = ${at})`,
        );
        const struct = `struct_pack(k := ${keyOf(item)}, i := ${at}, v := ${item})`;
        const sorted = once(`list_sort(list_transform(${items}, lambda ${item}, ${at}: ${struct}))`, (all) => {
          const isFirst = `${at} = 1 OR (${all}[${at} - 1]).k IS DISTINCT FROM (${item}).k`;
          const firsts = `list_filter(${all}, lambda ${item}, ${at}: ${isFirst})`;
          const ordered = `list_sort(list_transform(${firsts}, lambda ${item}: struct_pack(i := (${item}).i, v := (${item}).v)))`;
          return `list_transform(${ordered}, lambda ${item}: (${item}).v)`;
        });
        return `(CASE WHEN len(${items}) <= ${SHORT} THEN ${searched} ELSE ${sorted} END)`;
      }),
    ),
  );
}
