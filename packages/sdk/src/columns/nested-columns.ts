import { ErganeError } from '@ergane/protocol';
import type { Data, Field } from 'apache-arrow';
import type { RowCursor } from './batch-space.ts';
import { Column, makeColumnData } from './column.ts';
import type { ColumnPlace } from './column.ts';

/** Makes the writer of a child. */
export type MakeColumn = (place: ColumnPlace) => Column;

const FIRST_CHILDREN = 256;

/** Array: items of a child column between offsets. Takes an array or another iterable that is no string. */
export class ListColumn extends Column {
  readonly kind = 'list';
  offsets: Int32Array;
  readonly child: Column;
  private readonly childCursor: RowCursor = { row: 0 };

  constructor(place: ColumnPlace, make: MakeColumn) {
    super(place);
    this.offsets = new Int32Array(place.capacity + 1);
    const field = onlyChild(place.field);
    const { column, space } = place;
    this.child = make({ field, column, cursor: this.childCursor, space, capacity: FIRST_CHILDREN });
  }

  override setValue(row: number, value: unknown): void {
    if (!isIterable(value)) throw this.invalid(value, 'an array');
    const { child, childCursor } = this;
    childCursor.row = this.offsets[row] ?? 0;
    for (const item of value) {
      child.ensureRows(childCursor.row + 1);
      child.appendValue(item);
      childCursor.row++;
    }
    this.offsets[row + 1] = childCursor.row;
  }

  override setNull(row: number): void {
    super.setNull(row);
    this.offsets[row + 1] = this.offsets[row] ?? 0;
  }

  protected override growRows(capacity: number): void {
    this.offsets = growOffsets(this.offsets, capacity);
  }

  protected override valueByteLength(rows: number): number {
    return (rows + 1) * 4 + this.child.byteLength(this.offsets[rows] ?? 0);
  }

  protected override takeValues(rows: number, nullCount: number, validity: Uint8Array): Data {
    const offsets = this.offsets.subarray(0, rows + 1);
    const children = [this.child.takeData(offsets[rows] ?? 0)];
    this.offsets = new Int32Array(this.capacity + 1);
    return makeColumnData(this.field.type, rows, { nullCount, validity, offsets, children });
  }
}

/** Row: one child a field. Takes an object by field names (a missing one is null), a Map, or an array in the order of the fields. */
export class StructColumn extends Column {
  readonly kind = 'struct';
  readonly children: readonly Column[];

  constructor(place: ColumnPlace, make: MakeColumn) {
    super(place);
    this.children = childrenOf(place.field).map((field) => make({ ...place, field }));
  }

  override setValue(row: number, value: unknown): void {
    const read = this.readerOf(value);
    for (const [index, child] of this.children.entries()) {
      const member = read(child.field.name, index);
      if (member === null || member === undefined) child.setNull(row);
      else child.setValue(row, member);
    }
  }

  override setCapacity(rows: number): void {
    super.setCapacity(rows);
    for (const child of this.children) child.setCapacity(rows);
  }

  private readerOf(value: unknown): (name: string, index: number) => unknown {
    if (Array.isArray(value)) return (_name, index): unknown => value[index];
    if (value instanceof Map) return (name): unknown => value.get(name);
    if (typeof value !== 'object' || value === null) throw this.invalid(value, 'an object');
    const members = new Map<string, unknown>(Object.entries(value));
    return (name) => members.get(name);
  }

  override setNull(row: number): void {
    super.setNull(row);
    for (const child of this.children) child.setNull(row);
  }

  protected override growRows(capacity: number): void {
    for (const child of this.children) child.ensureRows(capacity);
  }

  protected override valueByteLength(rows: number): number {
    return this.children.reduce((sum, child) => sum + child.byteLength(rows), 0);
  }

  protected override takeValues(rows: number, nullCount: number, validity: Uint8Array): Data {
    const children = this.children.map((child) => child.takeData(rows));
    return makeColumnData(this.field.type, rows, { nullCount, validity, children });
  }
}

/** Map: entries of key and value between offsets. Takes a Map, an array of [key, value], or an object. */
export class MapColumn extends Column {
  readonly kind = 'map';
  offsets: Int32Array;
  readonly key: Column;
  readonly value: Column;
  private readonly entries: Field;
  private readonly entryCursor: RowCursor = { row: 0 };

  constructor(place: ColumnPlace, make: MakeColumn) {
    super(place);
    this.offsets = new Int32Array(place.capacity + 1);
    this.entries = onlyChild(place.field);
    const [key, value] = childrenOf(this.entries);
    if (key === undefined || value === undefined) throw notNested(place.field);
    const nested = { ...place, cursor: this.entryCursor, capacity: FIRST_CHILDREN };
    this.key = make({ ...nested, field: key });
    this.value = make({ ...nested, field: value });
  }

  override setValue(row: number, value: unknown): void {
    const { entryCursor } = this;
    entryCursor.row = this.offsets[row] ?? 0;
    for (const entry of this.entriesOf(value)) {
      if (!Array.isArray(entry) || entry.length !== 2) throw this.invalid(entry, 'entries of [key, value]');
      const [key, item]: unknown[] = entry;
      if (key === null || key === undefined) throw this.invalid(key, 'keys that are not null');
      this.key.ensureRows(entryCursor.row + 1);
      this.value.ensureRows(entryCursor.row + 1);
      this.key.appendValue(key);
      this.value.appendValue(item);
      entryCursor.row++;
    }
    this.offsets[row + 1] = entryCursor.row;
  }

  private entriesOf(value: unknown): Iterable<unknown> {
    if (isIterable(value)) return value;
    if (typeof value !== 'object' || value === null) throw this.invalid(value, 'a Map, entries or an object');
    return Object.entries(value);
  }

  override setNull(row: number): void {
    super.setNull(row);
    this.offsets[row + 1] = this.offsets[row] ?? 0;
  }

  protected override growRows(capacity: number): void {
    this.offsets = growOffsets(this.offsets, capacity);
  }

  protected override valueByteLength(rows: number): number {
    const entries = this.offsets[rows] ?? 0;
    return (rows + 1) * 4 + this.key.byteLength(entries) + this.value.byteLength(entries);
  }

  protected override takeValues(rows: number, nullCount: number, validity: Uint8Array): Data {
    const offsets = this.offsets.subarray(0, rows + 1);
    const length = offsets[rows] ?? 0;
    const parts = [this.key.takeData(length), this.value.takeData(length)];
    const entries = makeColumnData(this.entries.type, length, {
      nullCount: 0,
      validity: new Uint8Array(0),
      children: parts,
    });
    this.offsets = new Int32Array(this.capacity + 1);
    return makeColumnData(this.field.type, rows, { nullCount, validity, offsets, children: [entries] });
  }
}

function growOffsets(offsets: Int32Array, capacity: number): Int32Array {
  const grown = new Int32Array(capacity + 1);
  grown.set(offsets);
  return grown;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function childrenOf(field: Field): readonly Field[] {
  return field.type.children;
}

function onlyChild(field: Field): Field {
  const [child] = childrenOf(field);
  if (child === undefined) throw notNested(field);
  return child;
}

function notNested(field: Field): ErganeError {
  return new ErganeError(
    'NOT_SUPPORTED',
    `column "${field.name}" is ${String(field.type)}, which lacks its element types`,
    {
      where: { column: field.name },
    },
  );
}
