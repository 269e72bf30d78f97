import assert from 'node:assert/strict';
import test from 'node:test';
import {
  Binary,
  Bool,
  DateDay,
  DateMillisecond,
  Decimal,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  Struct,
  Utf8,
} from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import fc from 'fast-check';
import {
  addPlainValue,
  addText,
  inferType,
  makePlainFit,
  makeShape,
  makeTextFit,
  Misfit,
  NumberText,
  parseJson,
  plainText,
  printColumnType,
  toArrowType,
} from '../src/index.ts';
import type { PlainValue } from '../src/index.ts';

void test('text becomes what its column is, or is said not to', () => {
  const cases: readonly (readonly [DataType, string, unknown])[] = [
    [new Utf8(), '', ''],
    [new Int32(), ' 12 ', 12],
    [new Int32(), '', null],
    [new Int64(), '-9223372036854775808', -9223372036854775808n],
    [new Float64(), '1.5e3', 1500],
    [new Float64(), '-Infinity', -Infinity],
    [new Decimal(2, 10, 128), '+12.5', 1250n],
    [new Bool(), 'TRUE', true],
    [new DateDay(), '2024-02-29', 19782],
    [new DateMillisecond(), '2024-02-29T12:34:56.789123+0100', BigInt(Date.parse('2024-02-29T11:34:56.789Z'))],
    [new Binary(), 'é', Buffer.from('é')],
    [new List(new Field('item', new Int32(), true)), '[1, null, 3]', [1, null, 3]],
    [new Struct([new Field('a', new Utf8(), true), new Field('b', new Bool(), true)]), '{"a": 5}', ['5', null]],
  ];
  for (const [type, text, expected] of cases)
    assert.deepEqual(makeTextFit(type)(text), expected, `${String(type)} ${text}`);
  for (const [type, text] of [
    [new Int32(), '2147483648'],
    [new Int32(), '1.5'],
    [new Int32(), '0x10'],
    [new Decimal(1, 3, 128), '1.25'],
    [new Decimal(1, 3, 128), '123'],
    [new Bool(), 'yes'],
    [new DateDay(), '2023-02-29'],
    [new Float64(), 'one'],
    [new List(new Field('item', new Int32(), true)), '[1'],
    [new List(new Field('item', new Int32(), true)), '{}'],
  ] as const)
    assert.throws(() => makeTextFit(type)(text), Misfit, `${String(type)} ${text}`);
});

void test('JSON keeps the digits of its numbers', () => {
  const text = '{"id":12345678901234567890,"rate":0.1234567890123456789,"small":7,"list":[1.5,true,null,"x"]}';
  const value = parseJson(text);
  assert.equal(plainText(value), text);
  assert.throws(() => parseJson('{"a":'), SyntaxError);
});

const plain = fc.letrec<{ value: PlainValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.double(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.date({ noInvalidDate: true }),
    fc.uint8Array({ maxLength: 5 }),
    fc.stringMatching(/^-?[1-9]\d{0,20}(\.\d{1,12})?$/).map((text) => new NumberText(text)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'B', 'é'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

void test('whatever was seen fits the type that was inferred of it', () => {
  fc.assert(
    fc.property(fc.array(plain, { minLength: 1, maxLength: 6 }), (values) => {
      const shape = makeShape();
      for (const value of values) addPlainValue(shape, value);
      const type = inferType(shape, true);
      const fit = makePlainFit(toArrowType(type));
      for (const value of values) assert.doesNotThrow(() => fit(value), printColumnType(type));
    }),
    { numRuns: 1000 },
  );
});

void test('text that was seen fits the type that was inferred of it, and is not changed by it', () => {
  const text = fc.oneof(
    fc.integer().map(String),
    fc.stringMatching(/^-?\d{1,22}(\.\d{1,10})?$/),
    fc.constantFrom('007', '+1', '', ' 1', '1e5', 'NaN'),
  );
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (texts) => {
      const shape = makeShape();
      for (const each of texts) addText(shape, each);
      const type = inferType(shape, true);
      const fit = makeTextFit(toArrowType(type));
      for (const each of texts) {
        const value = fit(each);
        if (type.kind === 'bigint') assert.equal(String(value), each);
      }
    }),
    { numRuns: 1000 },
  );
});
