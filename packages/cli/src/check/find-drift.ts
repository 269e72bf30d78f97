import type { InferredTable } from '@ergane/engine';

/** Kinds of values that a column of a type can show; varchar shows all. */
const FITTING: readonly (readonly [type: RegExp, kinds: readonly string[]])[] = [
  [/^(tinyint|smallint|integer|bigint|real|double|decimal)/, ['integer', 'double', 'number']],
  [/^boolean/, ['boolean']],
  [/^varbinary/, ['binary']],
  [/^(date|timestamp)/, ['timestamp', 'text', 'integer', 'number']],
  [/^array/, ['list']],
  [/^(map|row)/, ['map']],
];

/** Where a table's definition and a sample of it have drifted apart: one line for each column. */
export function findDrift({ seen, defined, documentCount, complete }: InferredTable): readonly string[] {
  if (defined === undefined || documentCount === 0) return [];
  const bySource = new Map(Object.values(seen).map((column) => [column.source, column]));
  const shown = new Set(Object.values(defined).map(({ source }) => source));
  const gone = Object.entries(defined).flatMap(([name, { source, type }]) => {
    const found = bySource.get(source);
    if (found === undefined)
      return [
        `column "${name}" shows "${source}", which ${complete ? 'nothing in the table has' : 'nothing in the sample has'}`,
      ];
    const fitting = FITTING.find(([pattern]) => pattern.test(type))?.[1];
    const others = Object.entries(found.kinds).filter(([kind]) => fitting !== undefined && !fitting.includes(kind));
    return others.map(([kind, count]) => `column "${name}" is ${type}, but ${count} of its values are ${kind}`);
  });
  const extra = [...bySource.keys()].filter((source) => !shown.has(source)).sort();
  return [...gone, ...extra.map((source) => `"${source}" is in no column of the definition`)];
}
