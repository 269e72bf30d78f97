import { valueSetContains } from '@ergane/protocol';
import type { Value, ValueSet } from '@ergane/protocol';
import { isFilter } from '../plan/wire-values.ts';
import { attributeOf } from '../schema/table-notes.ts';
import type { TableNotes } from '../schema/table-notes.ts';
import type { WireItem } from '../wire.ts';
import { keyOf } from './item-writer.ts';
import { makeLosses } from './losses.ts';
import { Misfit, misfitError } from './misfit.ts';
import { makeValueReader } from './value-reader.ts';

/** Whether an item's row meets the constraints. @throws ErganeError SOURCE_DATA_INVALID */
export type ItemMatcher = (item: WireItem) => boolean;

/** undefined: there is nothing to check. */
export function makeItemMatcher(
  summary: Readonly<Record<string, ValueSet>>,
  notes: TableNotes,
): ItemMatcher | undefined {
  const checks = Object.entries(summary)
    .filter(([, set]) => isFilter(set))
    .map(([column, set]) => makeCheck(column, set, notes));
  if (checks.length === 0) return undefined;
  return (item) => checks.every((check) => check(item));
}

function makeCheck(column: string, set: ValueSet, notes: TableNotes): ItemMatcher {
  const attribute = attributeOf(notes, column);
  const read = makeValueReader(set.type, { path: attribute, losses: makeLosses() });
  return (item) => {
    const value = Object.hasOwn(item, attribute) ? item[attribute] : undefined;
    if (value === undefined) return valueSetContains(set, null);
    try {
      const found = read(value);
      return valueSetContains(set, isValue(found) ? found : null);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      const place = { table: notes.sourceTable, column, attribute, item: keyOf(item, notes.keys) };
      throw misfitError(error, place);
    }
  };
}

function isValue(value: unknown): value is Value {
  return value instanceof Uint8Array || ['boolean', 'number', 'bigint', 'string'].includes(typeof value);
}
