import { intersectValueSets, unionValueSets } from '@ergane/protocol';
import type { Constraints, ValueSet } from '@ergane/protocol';
import type { DataType } from 'apache-arrow';
import type { CollectedKeys } from '../duckdb/worker-messages.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { keysToValueSet } from './keys-to-value-set.ts';
import type { DynamicFilter, KeySource, TableScan } from './table-scan.ts';

interface KnownKeys {
  readonly keys: readonly CollectedKeys[];
  /** type of a column of another scan */
  readonly typeOf: (scan: number, column: number) => TrinoType | undefined;
}

/** A scan's constraints with what finished build sides leave of its columns, and what was found, for EXPLAIN ANALYZE. */
export function narrowByKeys(
  { constraints, dynamicFilters, tableSchema }: TableScan,
  known: KnownKeys,
): { readonly constraints: Constraints; readonly notes: readonly string[] } {
  const summary: Record<string, ValueSet> = { ...constraints.summary };
  const notes: string[] = [];
  for (const filter of dynamicFilters) {
    const field = tableSchema.fields.find(({ name }) => name === filter.column);
    const set = field && keysOf(field.type, filter, known);
    if (!set) continue;
    const before = summary[filter.column];
    summary[filter.column] = before ? intersectValueSets(before, set) : set;
    const isList = set.kind === 'SortedRangeSet' && set.ranges.every(({ low, high }) => low.value === high.value);
    notes.push(`${filter.column}: ${isList ? `${set.ranges.length} keys` : 'a range'}`);
  }
  return { constraints: { ...constraints, summary }, notes };
}

function keysOf(type: DataType, { from, nullsMatch }: DynamicFilter, known: KnownKeys): ValueSet | undefined {
  let all: ValueSet | undefined;
  for (const source of from) {
    const set = keysOfSource(type, source, known);
    if (!set) return undefined;
    all = all ? unionValueSets(all, set) : set;
  }
  return all && (nullsMatch ? { ...all, nullAllowed: true } : all);
}

function keysOfSource(type: DataType, source: KeySource, { keys, typeOf }: KnownKeys): ValueSet | undefined {
  if (source.kind === 'values') return source.set;
  const found = keys.find(({ scan, column }) => scan === source.scan && column === source.column);
  const from = typeOf(source.scan, source.column);
  return found && from && keysToValueSet(type, from, found.keys);
}
