import { Field, Schema } from 'apache-arrow';
import { Found, invalid } from '../invalid.ts';
import { type Framing, HEADER, readEncapsulated, writeEncapsulated } from './encapsulation.ts';
import { type FlatTable, readFlat } from './flat-table.ts';
import { type FlatField, flatInt16, flatString, flatTable, flatTables, flatUint8 } from './flat-writer.ts';
import { readType, typeFields } from './type-metadata.ts';

/** No table of a source is nested deeper; metadata that is deeper is broken. */
const MAX_DEPTH = 64;

/** A schema as one encapsulated IPC message (section 2.1). Custom metadata and nullability are kept. */
export function encodeSchema(schema: Schema, framing: Framing): Uint8Array {
  const header = [
    flatInt16(0),
    flatTables(schema.fields.map((field) => fieldFields(field, `Schema.${field.name}`))),
    metadataField(schema.metadata),
  ];
  return writeEncapsulated(HEADER.schema, header, { framing, bodyLength: 0 });
}

/** @throws ErganeError PROTOCOL_INVALID that names the field */
export function decodeSchema(bytes: Uint8Array, path = 'Schema'): Schema {
  const { headerType, header } = readEncapsulated(bytes, path);
  if (headerType !== HEADER.schema)
    throw invalid(path, 'an Arrow schema message', new Found(`a message of kind ${headerType}`));
  return readFlat(path, () => {
    if (header.int16(0) !== 0) throw invalid(path, 'little-endian data', new Found('big-endian'));
    const fields = header.tables(1).map((field, index) => readField(field, `${path}.fields[${index}]`, 0));
    return new Schema(fields, readMetadata(header, 2));
  });
}

function readField(table: FlatTable, path: string, depth: number): Field {
  if (depth > MAX_DEPTH) throw invalid(path, `fields nested at most ${MAX_DEPTH} deep`, new Found('deeper ones'));
  const name = table.string(0) ?? '';
  const where = name === '' ? path : `${path} ("${name}")`;
  if (table.has(4)) throw invalid(where, 'a field without dictionary', new Found('a dictionary encoding'));
  const children = table.tables(5).map((child, index) => readField(child, `${where}.children[${index}]`, depth + 1));
  const type = readType({ typeId: table.uint8(2), table: table.table(3), children, path: where });
  return new Field(name, type, table.uint8(1) !== 0, readMetadata(table, 6));
}

function readMetadata(table: FlatTable, slot: number): Map<string, string> {
  return new Map(table.tables(slot).map((entry) => [entry.string(0) ?? '', entry.string(1) ?? '']));
}

function fieldFields(field: Field, path: string): readonly FlatField[] {
  const { typeId, fields, children } = typeFields(field.type, path);
  return [
    flatString(field.name),
    flatUint8(field.nullable ? 1 : 0),
    flatUint8(typeId),
    flatTable(fields),
    undefined,
    flatTables(children.map((child) => fieldFields(child, `${path}.${child.name}`))),
    metadataField(field.metadata),
  ];
}

function metadataField(metadata: ReadonlyMap<string, string>): FlatField {
  if (metadata.size === 0) return undefined;
  return flatTables([...metadata].map(([key, value]) => [flatString(key), flatString(value)]));
}
