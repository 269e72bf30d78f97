import { Field, Schema } from 'apache-arrow';
import { ErganeError } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import { toArrowType } from './column-type.ts';
import type { ColumnType } from './column-type.ts';

/** A column of SQL and the attribute that it shows. */
export interface Column {
  /** lower case, as Athena has it */
  readonly name: string;
  readonly attribute: string;
  readonly type: ColumnType;
}

export interface TableDefinition {
  readonly tableName: string;
  /** the table in DynamoDB */
  readonly sourceTable: string;
  readonly columns: readonly Column[];
}

/**
 * Where definitions of tables come from: a file or setting (`definitions.ts`), and by the same interface a catalog such as Glue. A
 * table that no source knows is inferred from its items.
 */
export interface SchemaSource {
  listTables(context: CallContext): Promise<readonly string[]>;
  findTable(context: CallContext, tableName: string): Promise<TableDefinition | undefined>;
}

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

export interface TableShape extends TableDefinition {
  readonly keys: readonly string[];
}

const METADATA_KEY = 'ergane.dynamodb';

export function toSchema({ tableName, sourceTable, columns, keys }: TableShape): Schema {
  const renamed = columns.filter(({ name, attribute }) => name !== attribute);
  const notes: TableNotes = {
    tableName,
    sourceTable,
    attributes: Object.fromEntries(renamed.map(({ name, attribute }) => [name, attribute])),
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

/**
 * Names columns after attributes, in lower case. Of attributes that differ only in case the one in lower case keeps the name, then they
 * are numbered in the order of their code units: `Name` and `name` are `name_2` and `name`. None is lost.
 */
export function nameColumns(attributes: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<string>(attributes.filter((attribute) => attribute === attribute.toLowerCase()));
  const names = new Map<string, string>([...taken].map((attribute) => [attribute, attribute]));
  for (const attribute of [...attributes].filter((name) => !names.has(name)).sort()) {
    const lower = attribute.toLowerCase();
    let name = lower;
    for (let number = 2; taken.has(name); number++) name = `${lower}_${number}`;
    taken.add(name);
    names.set(attribute, name);
  }
  return names;
}
