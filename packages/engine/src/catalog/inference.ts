import type { FederationResponse } from '@ergane/protocol';
import type { DescribedColumn } from './catalog.ts';

/** What a sample of a table showed: its columns by type, and what was seen in each. */
export interface InferredTable {
  readonly columns: readonly DescribedColumn[];
  /** its name in the source */
  readonly sourceTable: string;
  /** Glue's table parameters that a definition needs */
  readonly parameters: Readonly<Record<string, string>>;
  readonly documentCount: number;
  /** the sample was the whole table */
  readonly complete: boolean;
  /** by column: its name in the source, and how many values of each kind it had */
  readonly seen: Readonly<
    Record<string, { readonly source: string; readonly kinds: Readonly<Record<string, number>> }>
  >;
  /** the columns of its definition, where it has one */
  readonly defined: Readonly<Record<string, { readonly source: string; readonly type: string }>> | undefined;
}

/** The member `inference` of an answer (extension `ergane.inference`); undefined: the connector infers nothing. */
export function readInference(
  { extra, tableName }: Extract<FederationResponse, { type: 'GetTableResponse' }>,
  columns: readonly DescribedColumn[],
): InferredTable | undefined {
  const inference = extra?.['inference'];
  if (!isObject(inference) || typeof inference['documentCount'] !== 'number') return undefined;
  const { documentCount, complete, columns: seen, defined, sourceTable, parameters } = inference;
  return {
    columns,
    sourceTable: typeof sourceTable === 'string' ? sourceTable : tableName.tableName,
    parameters: readEntries(parameters, (value) => typeof value === 'string'),
    documentCount,
    complete: complete === true,
    seen: readMembers(seen, ({ source, kinds }) =>
      typeof source === 'string'
        ? { source, kinds: readEntries(kinds, (value) => typeof value === 'number') }
        : undefined,
    ),
    defined:
      defined === undefined
        ? undefined
        : readMembers(defined, ({ source, type }) =>
            typeof source === 'string' && typeof type === 'string' ? { source, type } : undefined,
          ),
  };
}

function readMembers<Member>(
  value: unknown,
  read: (member: Readonly<Record<string, unknown>>) => Member | undefined,
): Readonly<Record<string, Member>> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => {
      const found = isObject(member) ? read(member) : undefined;
      return found === undefined ? [] : [[name, found] as const];
    }),
  );
}

function readEntries<Value>(value: unknown, is: (member: unknown) => member is Value): Readonly<Record<string, Value>> {
  if (!isObject(value)) return {};
  const found: Record<string, Value> = {};
  for (const [name, member] of Object.entries(value)) if (is(member)) found[name] = member;
  return found;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
