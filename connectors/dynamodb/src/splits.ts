import type { ReadPlan } from './plan/read-plan.ts';

/** Key conditions of one split: each is a request at least. */
const CONDITIONS = 32;
/** Keys of one split: ten requests. */
const KEYS = 1000;

/** A plan in units of work: a segment, some key conditions, some batches of keys. */
export function* splitPlan(plan: ReadPlan): Iterable<ReadPlan> {
  switch (plan.kind) {
    case 'scan':
      for (let segment = 0; segment < plan.segments; segment++) yield { ...plan, segment };
      return;
    case 'query':
      for (const conditions of chunk(plan.conditions, CONDITIONS)) yield { ...plan, conditions };
      return;
    case 'get':
      for (const keys of chunk(plan.keys, KEYS)) yield { ...plan, keys };
      return;
    case 'statement':
      yield plan;
  }
}

function* chunk<Item>(items: readonly Item[], size: number): Iterable<readonly Item[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
