/** Attributes and members of maps that no column shows: counted, never lost in silence. */
export interface Losses {
  count: number;
  /** names that were not told yet */
  readonly fresh: Set<string>;
  readonly told: Set<string>;
}

const MAX_NAMES = 50;

export function makeLosses(): Losses {
  return { count: 0, fresh: new Set(), told: new Set() };
}

export function addLoss(losses: Losses, name: string): void {
  losses.count++;
  if (!losses.told.has(name) && losses.told.size + losses.fresh.size < MAX_NAMES) losses.fresh.add(name);
}

/** What was lost since the last call: how many values, and what to tell of names that are new. */
export function takeLosses(
  losses: Losses,
  table: string,
): { readonly count: number; readonly notes: readonly string[] } {
  const { count } = losses;
  losses.count = 0;
  const names = [...losses.fresh];
  losses.fresh.clear();
  for (const name of names) losses.told.add(name);
  const notes = names.map(
    (name) =>
      `attribute "${name}" of table "${table}" is in no column: raise ergane_schema_sample_items, or add it to ergane_table_definitions`,
  );
  return { count, notes };
}
