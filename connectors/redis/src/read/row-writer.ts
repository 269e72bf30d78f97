import { isUtf8 } from 'node:buffer';
import { makeBatchWriter } from '@ergane/sdk';
import type { BatchWriter } from '@ergane/sdk';
import { isDocument, makePlainFit, makeTextFit, Misfit, misfitError, parseJson } from '@ergane/schemas';
import type { PlainValue } from '@ergane/schemas';
import { DataType } from 'apache-arrow';
import type { Schema } from 'apache-arrow';
import { KEY_COLUMN, VALUE_COLUMNS } from '../key-space.ts';
import { sourceOf } from '../table-notes.ts';
import type { TableNotes } from '../table-notes.ts';
import { VALUE_FIELD } from './value-rows.ts';
import type { Fields } from './value-rows.ts';

/** Writes rows of a table into batches. */
export interface RowWriter {
  readonly writer: BatchWriter;
  /** the fields that the columns need; without any, only the key is read */
  readonly fields: readonly string[];
  /** @throws ErganeError SOURCE_DATA_INVALID that names key and column */
  write(key: Buffer, fields: Fields): void;
}

type Cell = (key: Buffer, fields: Fields, document: PlainValue) => unknown;

export function makeRowWriter(schema: Schema, notes: TableNotes): RowWriter {
  const { valueType } = notes.space;
  const writer = makeBatchWriter(schema);
  const [own] = VALUE_COLUMNS[valueType] ?? [];
  const hasFields = valueType === 'hash' || valueType === 'stream' || valueType === 'json';
  const fieldOf = (column: string): string =>
    column === own || column === KEY_COLUMN ? column : hasFields ? sourceOf(notes, column) : VALUE_FIELD;
  const cells = schema.fields.map(({ name, type }) =>
    makeCell(type, { field: fieldOf(name), isJson: valueType === 'json' && name !== KEY_COLUMN }),
  );
  const columns = schema.fields.map(({ name }) => name);
  const misfit = (error: unknown, key: Buffer, index: number): unknown =>
    error instanceof Misfit
      ? misfitError(error, { table: notes.tableName, column: columns[index] ?? '', at: `the key ${printKey(key)}` })
      : error;
  return {
    writer,
    fields: columns.filter((name) => name !== KEY_COLUMN).map(fieldOf),
    write(key, fields) {
      let index = 0;
      try {
        const document = valueType === 'json' && columns.length > 0 ? readDocument(fields) : null;
        for (; index < cells.length; index++) writer.columns[index]?.appendValue(cells[index]?.(key, fields, document));
      } catch (error) {
        throw misfit(error, key, index);
      }
      writer.endRow();
    },
  };
}

function makeCell(type: DataType, { field, isJson }: { readonly field: string; readonly isJson: boolean }): Cell {
  if (isJson) {
    const fit = makePlainFit(type);
    return (_key, _fields, document) =>
      fit(isDocument(document) && Object.hasOwn(document, field) ? (document[field] ?? null) : null);
  }
  const fit = makeBytesFit(type);
  if (field === KEY_COLUMN) return (key) => fit(key);
  return (_key, fields) => {
    const value = fields.get(field);
    if (typeof value === 'number') return DataType.isInt(type) ? BigInt(value) : value;
    return value === undefined ? null : fit(value);
  };
}

/** Bytes are text in UTF-8, but for varbinary. */
function makeBytesFit(type: DataType): (bytes: Buffer) => unknown {
  if (DataType.isBinary(type)) return (bytes) => bytes;
  const fit = makeTextFit(type);
  return (bytes) => {
    if (!isUtf8(bytes))
      throw new Misfit(`bytes that are not UTF-8 (varbinary takes them): ${bytes.toString('hex')}`, type);
    return fit(bytes.toString());
  };
}

function readDocument(fields: Fields): PlainValue {
  const value = fields.get(VALUE_FIELD);
  if (!Buffer.isBuffer(value)) return null;
  try {
    const document = parseJson(value.toString());
    if (isDocument(document)) return document;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Misfit(value.toString(), JSON_OBJECT);
}

/** For the message alone: what a value of the type json must be. */
const JSON_OBJECT = new (class extends DataType {
  override toString(): string {
    return 'a JSON object';
  }
})(0);

/** A key for people: as text, or its bytes. */
export function printKey(key: Buffer): string {
  return isUtf8(key) ? JSON.stringify(key.toString()) : `0x${key.toString('hex')}`;
}
