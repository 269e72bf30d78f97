import { ErganeError } from '@ergane/protocol';
import type { Column, TableDefinition } from '@ergane/schemas';
import { toArrowType } from '@ergane/schemas';
import { Field, Schema } from 'apache-arrow';
import { KEY_COLUMN, VALUE_COLUMNS } from './key-space.ts';
import type { KeySpace } from './key-space.ts';

/** What `layout` and `read` must know of a table, carried by the schema's custom metadata. */
export interface TableNotes {
  readonly tableName: string;
  readonly space: KeySpace;
  /** column -> field, where they differ */
  readonly sources: Readonly<Record<string, string>>;
}

const METADATA_KEY = 'ergane.redis';

export function toSchema(definition: TableDefinition, space: KeySpace): Schema {
  const columns = withOwnColumns(definition.columns, space);
  const renamed = columns.filter(({ name, source }) => name !== source);
  const notes: TableNotes = {
    tableName: definition.tableName,
    space,
    sources: Object.fromEntries(renamed.map(({ name, source }) => [name, source])),
  };
  return new Schema(
    columns.map(({ name, type }) => new Field(name, toArrowType(type), true)),
    new Map([[METADATA_KEY, JSON.stringify(notes)]]),
  );
}

/** The key, and what the type of value has beside its fields, come last where the definition has them not. */
function withOwnColumns(columns: readonly Column[], { valueType }: KeySpace): readonly Column[] {
  const [extra, type] = VALUE_COLUMNS[valueType] ?? [];
  const own: readonly Column[] = [
    { name: KEY_COLUMN, source: KEY_COLUMN, type: { kind: 'varchar' } },
    ...(extra === undefined || type === undefined ? [] : [{ name: extra, source: extra, type: { kind: type } }]),
  ];
  return [...columns, ...own.filter(({ name }) => columns.every((column) => column.name !== name))];
}

/** @throws ErganeError PROTOCOL_INVALID when the caller did not keep the schema's metadata */
export function readTableNotes(schema: Schema): TableNotes {
  const text = schema.metadata.get(METADATA_KEY);
  if (text === undefined)
    throw new ErganeError(
      'PROTOCOL_INVALID',
      `the schema lacks its custom metadata "${METADATA_KEY}": the caller must send a table's schema as GetTable answered it`,
    );
  return JSON.parse(text) as TableNotes;
}

/** The field of the hash, document or stream entry that a column shows. */
export function sourceOf({ sources }: TableNotes, column: string): string {
  return Object.hasOwn(sources, column) ? (sources[column] ?? column) : column;
}
