import { EXTENSIONS } from '@ergane/protocol';
import type { CallContext, Inference } from '@ergane/sdk';
import { inferType } from './infer-type.ts';
import type { Shape } from './shape.ts';
import { nameColumns } from './table-definition.ts';
import type { Column } from './table-definition.ts';

/** What was seen in some documents (items, rows) of a table. */
export interface Sample {
  readonly members: ReadonlyMap<string, Shape>;
  readonly documentCount: number;
  /** the sample is every document */
  readonly complete: boolean;
}

/** True when the caller asks for what a sample shows even of a table that is defined (`ergane crawl`, `ergane check`). */
export function wantsInference({ identity }: CallContext): boolean {
  return identity.configOptions[EXTENSIONS.inference] !== undefined;
}

/** One column for each member of the sample: those of `first` first and in their order, then by name. */
export function inferColumns({ members, complete }: Sample, first: readonly string[] = []): readonly Column[] {
  const others = [...members.keys()].filter((name) => !first.includes(name)).sort();
  const sources = [...first, ...others];
  const names = nameColumns(sources);
  return sources.map((source) => {
    const shape = members.get(source);
    return {
      name: names.get(source) ?? source,
      source,
      type: shape === undefined ? { kind: 'varchar' as const } : inferType(shape, complete),
    };
  });
}

/** What GetTable tells of a sample: how many values of each kind every column had. */
export function describeSample({ members, documentCount, complete }: Sample, columns: readonly Column[]): Inference {
  return {
    documentCount,
    complete,
    columns: Object.fromEntries(
      columns.map(({ name, source }) => [
        name,
        { source, kinds: Object.fromEntries(members.get(source)?.kinds ?? []) },
      ]),
    ),
  };
}
