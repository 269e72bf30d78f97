import { readFileSync } from 'node:fs';
import { ARGUMENT_POOLS, ARGUMENT_TUPLES } from './argument-pools.ts';
import { makeRandom, type Random } from './random.ts';
import { POOLS, WORLDS, type Pool } from './pools.ts';

/** A row of SHOW FUNCTIONS. */
export interface TrinoFunction {
  readonly name: string;
  readonly returns: string;
  readonly arguments: string;
  readonly kind: 'scalar' | 'aggregate' | 'window' | 'table';
  readonly deterministic: boolean;
  readonly description: string;
}

export function readTrinoFunctions(): readonly TrinoFunction[] {
  return readFileSync(new URL('../trino-functions.jsonl', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const value: TrinoFunction = JSON.parse(line);
      return value;
    });
}

export const signatureText = ({ name, arguments: list }: TrinoFunction) => `${name}(${list})`;

/** Types of a list, split at commas that stand in no parentheses. */
export function splitTypes(list: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index <= list.length; index++) {
    const character = list[index];
    if (character === '(') depth++;
    if (character === ')') depth--;
    if ((character === ',' && depth === 0) || character === undefined) {
      const part = list.slice(start, index).trim();
      if (part !== '') found.push(part);
      start = index + 1;
    }
  }
  return found;
}

/** Calls of one signature with values worth trying; none where an argument's type has no values (lambdas, geometries). */
export function* callsOf(each: TrinoFunction, count: number): Generator<readonly string[]> {
  const types = splitTypes(each.arguments);
  const tuples = ARGUMENT_TUPLES[each.name];
  if (tuples) yield* tuples.filter((tuple) => tuple.length === types.length);
  if (tuples || types.some((type) => type.startsWith('function('))) return;
  const random = makeRandom(signatureText(each));
  const seen = new Set<string>();
  for (let index = 0; index < count; index++) {
    const worlds = new Map<string, Pool>();
    const args = types.map((type, position) => argument(each, { type, position, worlds, random }));
    if (args.some((arg) => arg === undefined)) return;
    const key = args.join('|');
    if (!seen.has(key)) yield args.map((arg) => arg ?? '');
    seen.add(key);
  }
}

interface Place {
  readonly type: string;
  readonly position: number;
  readonly worlds: Map<string, Pool>;
  readonly random: Random;
}

function argument(each: TrinoFunction, place: Place): string | undefined {
  const pool = ARGUMENT_POOLS[each.name]?.[place.position];
  if (pool && place.random.below(8) > 0) return place.random.pick(pool);
  return valueOf(place.type, place);
}

/** A value of a signature's type; type variables stand for one type throughout a call. */
export function valueOf(type: string, { worlds, random }: Pick<Place, 'worlds' | 'random'>): string | undefined {
  const base = type.replace(/^(decimal|varchar|char|timestamp|time)\([^)]*\)/, '$1');
  const pool = POOLS[base];
  if (pool) return random.pick(pool);
  if (/^[A-Z]\d?$/i.test(type)) {
    const world = worlds.get(type) ?? random.pick(WORLDS);
    worlds.set(type, world);
    return random.pick(world);
  }
  const nested = /^(array|map|row)\((.*)\)$/.exec(type);
  if (!nested) return undefined;
  const parts = splitTypes(nested[2] ?? '');
  const values = (part: string | undefined, size: number): string[] | undefined => {
    const found = Array.from({ length: size }, () => valueOf(part ?? '', { worlds, random }));
    return found.every((value) => value !== undefined) ? found : undefined;
  };
  if (random.below(12) === 0) return 'NULL';
  if (nested[1] === 'row') {
    const fields = parts.map((part) => valueOf(part.replace(/^"\w+" /, ''), { worlds, random }));
    return fields.includes(undefined) ? undefined : `ROW(${fields.join(', ')})`;
  }
  const size = random.below(4);
  const keys = values(parts[0], size);
  if (nested[1] === 'array') return keys && `ARRAY[${keys.join(', ')}]`;
  const items = values(parts[1], new Set(keys).size);
  return keys && items && `MAP(ARRAY[${[...new Set(keys)].join(', ')}], ARRAY[${items.join(', ')}])`;
}
