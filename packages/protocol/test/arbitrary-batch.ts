import { columnOfValues, makeBatch, makeColumn, type Value } from '@ergane/protocol';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { describeSchema, plainRows } from './arrow-rows.ts';

const { DataType } = arrow;

/** Types of Athena whose values can be compared. */
export const SCALAR_TYPES: readonly arrow.DataType[] = [
  new arrow.Bool(),
  new arrow.Int8(),
  new arrow.Int16(),
  new arrow.Int32(),
  new arrow.Int64(),
  new arrow.Float32(),
  new arrow.Float64(),
  new arrow.Decimal(9, 38, 128),
  new arrow.Decimal(0, 5, 128),
  new arrow.Utf8(),
  new arrow.Binary(),
  new arrow.Date_(arrow.DateUnit.DAY),
  new arrow.Date_(arrow.DateUnit.MILLISECOND),
  new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, 'UTC'),
  new arrow.Timestamp(arrow.TimeUnit.MICROSECOND, 'Europe/Berlin'),
];

export const scalarType: fc.Arbitrary<arrow.DataType> = fc.constantFrom(...SCALAR_TYPES);

/** Any type of Athena, nested up to three deep. */
export const anyType: fc.Arbitrary<arrow.DataType> = fc.letrec<{ type: arrow.DataType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
    scalarType,
    tie('type').map((type): arrow.DataType => new arrow.List(new arrow.Field('', type, true))),
    fc
      .array(tie('type'), { minLength: 1, maxLength: 3 })
      .map((types): arrow.DataType => new arrow.Struct(types.map((type, at) => new arrow.Field(`f${at}`, type, true)))),
    fc.tuple(scalarType, tie('type')).map(([key, value]): arrow.DataType => mapType(key, value)),
  ),
})).type;

function mapType(key: arrow.DataType, value: arrow.DataType): arrow.DataType {
  const entries: arrow.Struct = new arrow.Struct([
    new arrow.Field('key', key, false),
    new arrow.Field('value', value, true),
  ]);
  return new arrow.Map_(new arrow.Field('entries', entries, false));
}

const textMap = fc.dictionary(fc.string({ maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 8 }), {
  maxKeys: 2,
});

export const anySchema: fc.Arbitrary<arrow.Schema> = fc
  .tuple(
    fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 12 }), { maxLength: 5 }),
    fc.array(fc.tuple(anyType, fc.boolean(), textMap), { minLength: 5, maxLength: 5 }),
    textMap,
  )
  .map(([names, columns, metadata]) => {
    const fields = names.map((name, at) => {
      const [type, nullable, own] = columns[at] ?? [new arrow.Bool(), true, {}];
      return new arrow.Field(name, type, nullable, new Map(Object.entries(own)));
    });
    return shown(new arrow.Schema(fields, new Map(Object.entries(metadata))), describeSchema);
  });

export const anyBatch: fc.Arbitrary<arrow.RecordBatch> = fc
  .tuple(anySchema, fc.nat({ max: 20 }))
  .chain(([schema, rows]) =>
    fc
      .tuple(...schema.fields.map((field) => anyColumn(field.type, rows)))
      .map((columns) =>
        shown(makeBatch(schema, rows, columns), (batch) => [describeSchema(batch.schema), plainRows(batch)]),
      ),
  );

/** How fast-check shows a counterexample. */
function shown<Shown extends object>(value: Shown, describe: (value: Shown) => unknown): Shown {
  return Object.defineProperty(value, fc.toStringMethod, { value: () => JSON.stringify(describe(value)) });
}

/** A value of a scalar type, as constraints hold it. */
export function anyValue(type: arrow.DataType): fc.Arbitrary<Value> {
  if (DataType.isBool(type)) return fc.boolean();
  if (DataType.isInt(type) && type.bitWidth < 64) return fc.integer(signedRange(type.bitWidth));
  if (DataType.isDate(type) && type.unit === arrow.DateUnit.DAY) return fc.integer(signedRange(32));
  if (DataType.isFloat(type)) return type.precision === arrow.Precision.SINGLE ? fc.float() : fc.double();
  if (DataType.isDecimal(type)) return fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n });
  if (DataType.isUtf8(type)) return fc.string({ unit: 'binary', maxLength: 30 });
  if (DataType.isBinary(type)) return fc.uint8Array({ maxLength: 30 });
  return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
}

function anyColumn(type: arrow.DataType, length: number, nullable = true): fc.Arbitrary<arrow.Data> {
  const exactly = { minLength: length, maxLength: length };
  const allValid = fc.constant(Array<boolean>(length).fill(true));
  const validity = nullable ? fc.oneof(allValid, fc.array(fc.boolean(), exactly)) : allValid;
  if (DataType.isStruct(type))
    return fc
      .tuple(validity, ...type.children.map((field) => anyColumn(field.type, length, field.nullable)))
      .map(([valid, ...children]) => makeColumn(type, { length, ...nulls(valid), children }));
  if (DataType.isList(type) || DataType.isMap(type)) {
    const [element] = type.children;
    if (element === undefined) throw new Error('a list has an element');
    return fc.tuple(validity, fc.array(fc.nat({ max: 3 }), exactly)).chain(([valid, lengths]) => {
      const offsets = new Int32Array(length + 1);
      lengths.forEach((count, at) => (offsets[at + 1] = (offsets[at] ?? 0) + count));
      return anyColumn(element.type, offsets[length] ?? 0, element.nullable).map((child) =>
        makeColumn(type, { length, ...nulls(valid), offsets, children: [child] }),
      );
    });
  }
  return fc
    .array(nullable ? fc.option(anyValue(type), { freq: 4 }) : anyValue(type), exactly)
    .map((values) => columnOfValues(type, values));
}

function nulls(valid: readonly boolean[]): { nullCount: number; validity: Uint8Array } {
  const validity = new Uint8Array((valid.length + 7) >> 3);
  valid.forEach((is, row) => {
    if (is) validity[row >> 3] = (validity[row >> 3] ?? 0) | (1 << (row & 7));
  });
  return { nullCount: valid.filter((is) => !is).length, validity };
}

function signedRange(bits: number): { min: number; max: number } {
  return { min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 };
}
