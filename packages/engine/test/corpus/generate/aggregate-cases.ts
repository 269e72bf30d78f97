import { ARGUMENT_POOLS } from './argument-pools.ts';
import { makeRandom } from './random.ts';
import { POOLS, WORLDS, type Pool } from './pools.ts';
import { splitTypes, valueOf, type TrinoFunction } from './signature-cases.ts';

const CONSTANTS: Readonly<Record<string, Readonly<Record<string, Pool>>>> = {
  approx_percentile: {
    'double:last': ['0.5e0', '0e0', '1e0', '0.95e0', '2e0'],
    'array(double)': ['ARRAY[0.25e0, 0.5e0]', 'ARRAY[1e0]'],
  },
  approx_distinct: { 'double:last': ['0.01e0', '0.26e0', '0.5e0'] },
};

/** Aggregates over rows of edge values: all, none, grouped, DISTINCT, FILTER, and as windows. */
export function* aggregateCases(each: TrinoFunction, rounds: number): Generator<string> {
  const types = splitTypes(each.arguments);
  if (each.kind !== 'aggregate' || types.some((type) => type.startsWith('function(')) || each.name === 'listagg')
    return;
  const random = makeRandom(`${each.name}(${each.arguments})`);
  for (let round = 0; round < rounds; round++) {
    const worlds = new Map<string, Pool>();
    const named = new Map<string, Pool>(
      types.map((type): [string, Pool] => [type, /^[a-z]$/i.test(type) ? random.pick(WORLDS) : columnPool(type)]),
    );
    for (const [type, pool] of named) if (/^[a-z]$/i.test(type)) worlds.set(type, pool);
    const constant = (type: string, index: number) =>
      index > 0
        ? (CONSTANTS[each.name]?.[index === types.length - 1 ? `${type}:last` : type] ?? CONSTANTS[each.name]?.[type])
        : undefined;
    const args = types.map((type, index) => {
      const fixed = constant(type, index);
      if (fixed) return random.pick(fixed);
      if (index > 0 && type === 'bigint' && /^(max|min|max_by|min_by)$/.test(each.name))
        return random.pick(['1', '2', '5', '0']);
      if (index === 0 && /histogram|most_frequent/.test(each.name) && types.length > 1)
        return random.pick(['2', '3', '10', '0']);
      if (each.name === 'approx_most_frequent' && index === 2) return '10';
      return `c${index}`;
    });
    const size = 1 + random.below(5);
    const rows = Array.from(
      { length: size },
      () =>
        `(${[...types.map((type) => (worlds.has(type) ? random.pick(worlds.get(type) ?? ['1']) : (valueOf(type, { worlds, random }) ?? 'NULL'))), random.below(2)].join(', ')})`,
    );
    const names = [...types.map((_type, index) => `c${index}`), 'g'];
    const from = `FROM (VALUES ${rows.join(', ')}) t(${names.join(', ')})`;
    const call = `${each.name}(${args.join(', ')})`;
    yield `SELECT ${call} ${from}`;
    if (round % 4 === 0) yield `SELECT ${call} ${from} WHERE g > 5`;
    if (round % 4 === 1) yield `SELECT g, ${call} ${from} GROUP BY g`;
    if (round % 4 === 2 && types.length > 0) yield `SELECT ${each.name}(DISTINCT ${args.join(', ')}) ${from}`;
    if (round % 4 === 3) yield `SELECT ${call} FILTER (WHERE g = 1) ${from}`;
    if (round % 4 === 2) yield `SELECT g, ${call} OVER (PARTITION BY g) ${from}`;
  }
}

function columnPool(type: string): Pool {
  return POOLS[type.replace(/\(.*/, '')] ?? ARGUMENT_POOLS[type]?.[0] ?? ['NULL'];
}
