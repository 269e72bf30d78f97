import { Field, Schema } from 'apache-arrow';
import { ErganeError } from '@ergane/protocol';
import { toArrowType } from '@ergane/schemas';
import type { Column } from '@ergane/schemas';

/** What `read` must know of a table, carried by the schema's custom metadata. */
export interface TableNotes {
  readonly tableName: string;
  readonly sourceTable: string;
  /** column -> attribute, where they differ */
  readonly attributes: Readonly<Record<string, string>>;
  /** how many columns the table has: a request for all of them also sees attributes that no column shows */
  readonly columnCount: number;
  /** the attributes of the primary key, to name items by */
  readonly keys: readonly string[];
}

export interface TableShape {
  readonly tableName: string;
  /** the table in DynamoDB */
  readonly sourceTable: string;
  readonly columns: readonly Column[];
  readonly keys: readonly string[];
}

const METADATA_KEY = 'ergane.dynamodb';

export function toSchema({ tableName, sourceTable, columns, keys }: TableShape): Schema {
  const renamed = columns.filter(({ name, source }) => name !== source);
  const notes: TableNotes = {
    tableName,
    sourceTable,
    attributes: Object.fromEntries(renamed.map(({ name, source }) => [name, source])),
    columnCount: columns.length,
    keys,
  };
  return new Schema(
    columns.map(({ name, type }) => new Field(name, toArrowType(type), true)),
    new Map([[METADATA_KEY, JSON.stringify(notes)]]),
  );
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

/** The attribute of a column. */
export function attributeOf({ attributes }: TableNotes, column: string): string {
  return Object.hasOwn(attributes, column) ? (attributes[column] ?? column) : column;
}
