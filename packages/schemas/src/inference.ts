import { EXTENSIONS } from '@ergane/protocol';
import type { CallContext, Inference } from '@ergane/sdk';
import { printColumnType } from './column-type.ts';
import { inferType } from './infer-type.ts';
import type { Shape } from './shape.ts';
import { nameColumns } from './table-definition.ts';
import type { Column, TableDefinition } from './table-definition.ts';

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

interface DescribedSample {
  readonly columns: readonly Column[];
  readonly sourceTable: string;
  /** Glue's table parameters that a definition needs, to be the connector's */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly definition?: TableDefinition | undefined;
}

/** What GetTable tells of a sample: how many values of each kind every column had, and what its definition says, if there is one. */
export function describeSample(
  { members, documentCount, complete }: Sample,
  { columns, sourceTable, parameters, definition }: DescribedSample,
): Inference {
  return {
    documentCount,
    complete,
    sourceTable,
    ...(parameters !== undefined && { parameters }),
    columns: Object.fromEntries(
      columns.map(({ name, source }) => [
        name,
        { source, kinds: Object.fromEntries(members.get(source)?.kinds ?? []) },
      ]),
    ),
    ...(definition !== undefined && {
      defined: Object.fromEntries(
        definition.columns.map(({ name, source, type }) => [name, { source, type: printColumnType(type) }]),
      ),
    }),
  };
}
