import type { TrinoType } from '../trino-type.ts';

/** Whether values of the type have an order in Trino, and so may be sorted, or have a least and a greatest. */
export function isOrderable(type: TrinoType): boolean {
  if (type.kind === 'array') return isOrderable(type.element);
  if (type.kind === 'row') return type.fields.every((field) => isOrderable(field.type));
  return !UNORDERED.has(type.kind);
}

const UNORDERED: ReadonlySet<TrinoType['kind']> = new Set([
  'map',
  'json',
  'function',
  'hyperloglog',
  'qdigest',
  'tdigest',
  'setdigest',
  'color',
  'bingtile',
  'geometry',
]);
