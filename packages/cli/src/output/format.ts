import type { ResultColumn, ResultValue } from '@ergane/engine';

/** What a format prints: a result whose rows are read once. */
export interface Printable {
  readonly columns: readonly ResultColumn[];
  readonly batches: AsyncIterable<readonly (readonly ResultValue[])[]>;
}

export interface FormatOptions {
  /** columns of the terminal; undefined: the output is none */
  readonly width?: number;
  readonly color?: boolean;
}

/** A result as bytes or text of an output format, as it comes. */
export type Format = (result: Printable, options: FormatOptions) => AsyncIterable<string | Uint8Array>;

/** Names that differ, also to what does not mind case: the second `a` becomes `a_2`. */
export function makeUnique(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let candidate = name;
    for (let number = 2; taken.has(candidate.toLowerCase()); number++) candidate = `${name}_${number}`;
    taken.add(candidate.toLowerCase());
    return candidate;
  });
}

/** The names of a row's fields; those without one are `field0`, `field1` … as in Trino. */
export function fieldNames(fields: readonly { readonly name?: string }[]): readonly string[] {
  return makeUnique(fields.map(({ name }, index) => name ?? `field${index}`));
}
