import { intersectValueSets } from '@ergane/protocol';
import type { ValueSet } from '@ergane/protocol';
import type { DataType } from 'apache-arrow';
import type { TableReference } from '../catalog/catalogs.ts';
import { canBeKey } from '../duckdb/key-collector.ts';
import type { ColumnOrigin } from './column-origin.ts';
import type { JoinKey } from './find-dynamic-filters.ts';
import type { DynamicFilter, KeySource } from './table-scan.ts';
import { isScan, scanId } from './trace-columns.ts';
import { constantsOf, constantsToValueSet } from './values-as-keys.ts';

export interface DescribedFilters {
  /** keys of other scans that are read to their end before this one starts */
  readonly dynamicFilters: readonly DynamicFilter[];
  /** keys that the statement itself has (VALUES) */
  readonly summary: Readonly<Record<string, ValueSet>>;
}

/** What the join keys of one scan mean for its columns. */
export function describeDynamicFilters(
  keys: readonly JoinKey[],
  {
    reference: { table },
    references,
    isReadOnce,
  }: {
    readonly reference: TableReference;
    readonly references: readonly TableReference[];
    /** of a scan that stands at several places nobody knows which one was read to its end */
    readonly isReadOnce: (scan: number) => boolean;
  },
): DescribedFilters {
  const dynamicFilters: DynamicFilter[] = [];
  const summary: Record<string, ValueSet> = {};
  for (const { to, from, nullsMatch } of keys) {
    const field = table.schema.fields[to.column];
    const type = table.columns[to.column]?.type;
    if (!field || !type || !canBeKey(type)) continue;
    const found = [from, ...from.also].map((origin) => keySource(origin, { type: field.type, references, isReadOnce }));
    const sources = found.filter((source) => source !== undefined);
    if (sources.length < found.length) continue;
    const only = sources.length === 1 ? sources[0] : undefined;
    if (only?.kind === 'values') {
      const set = nullsMatch ? { ...only.set, nullAllowed: true } : only.set;
      const before = summary[field.name];
      summary[field.name] = before ? intersectValueSets(before, set) : set;
    } else dynamicFilters.push({ column: field.name, from: sources, nullsMatch });
  }
  return { dynamicFilters, summary };
}

function keySource(
  { scan, column }: ColumnOrigin,
  {
    type,
    references,
    isReadOnce,
  }: {
    readonly type: DataType;
    readonly references: readonly TableReference[];
    readonly isReadOnce: (scan: number) => boolean;
  },
): KeySource | undefined {
  if (!isScan(scan)) {
    const constants = constantsOf(scan, column);
    const set = constants && constantsToValueSet(type, constants);
    return set && { kind: 'values', set };
  }
  const id = scanId(scan);
  const source = references.find((reference) => reference.id === id)?.table.columns[column]?.type;
  return source && canBeKey(source) && isReadOnce(id) ? { kind: 'column', scan: id, column } : undefined;
}
