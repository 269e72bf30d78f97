import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeBatchWriter } from '@ergane/sdk';
import { Field, Schema, Utf8 } from 'apache-arrow';
import { dateFromDays, daysFromDate, NO_DATE } from '../src/decode/calendar.ts';
import { writeDecimal } from '../src/decode/decimal-text.ts';
import { RowDecoder } from '../src/decode/row-decoder.ts';
import { printDecimal } from '../src/value-parameter.ts';
import { WIRE_TYPES } from '../src/wire/column-definition.ts';

function readWords(words: Int32Array): bigint {
  const [low = 0n, high = 0n] = new BigInt64Array(words.buffer);
  return BigInt.asIntN(128, (high << 64n) | BigInt.asUintN(64, low));
}

test('decimal text becomes the 128-bit value of its digits, whatever its length', () => {
  const largest = 10n ** 38n - 1n;
  const unscaled = fc.oneof(
    fc.bigInt({ min: -largest, max: largest }),
    fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
  );
  fc.assert(
    fc.property(unscaled, fc.integer({ min: 0, max: 30 }), (value, scale) => {
      const bytes = Buffer.from(`  ${printDecimal(value, scale)}  `);
      const words = new Int32Array(4);
      const isWritten = writeDecimal(words, 0, bytes, 2, bytes.length - 2, scale);
      assert.ok(isWritten);
      assert.equal(readWords(words), value);
    }),
    { numRuns: 2000 },
  );
});

test('decimal text of another scale is scaled where no digit is lost, else refused', () => {
  const read = (text: string, scale: number): bigint | undefined => {
    const words = new Int32Array(4);
    return writeDecimal(words, 0, Buffer.from(text), 0, text.length, scale) ? readWords(words) : undefined;
  };
  assert.equal(read('12', 2), 1200n);
  assert.equal(read('-0.5', 3), -500n);
  assert.equal(read('1.500', 1), 15n);
  assert.equal(read('1.55', 1), undefined);
  assert.equal(read('1e5', 1), undefined);
  assert.equal(read('1'.repeat(39), 0), undefined);
  assert.equal(read(`000${'9'.repeat(38)}`, 0), 10n ** 38n - 1n);
});

test('dates of MySQL and days are each other, from year 0 to 9999', () => {
  fc.assert(
    fc.property(fc.integer({ min: -719_528, max: 2_932_896 }), (days) => {
      const date = dateFromDays(days);
      assert.ok(date);
      assert.equal(daysFromDate(date.year, date.month, date.day), days);
    }),
  );
  for (const [year, month, day] of [
    [0, 0, 0],
    [2024, 0, 1],
    [2024, 13, 1],
    [2024, 1, 0],
    [2023, 2, 29],
    [2024, 4, 31],
    [10_000, 1, 1],
  ] as const)
    assert.equal(daysFromDate(year, month, day), NO_DATE);
});

test('text that is not UTF-8 is an error that names the column, also where only the cut between two rows is wrong', () => {
  const schema = new Schema([new Field('t', new Utf8(), true)]);
  const definition = {
    name: 't',
    charset: 45,
    length: 10,
    type: WIRE_TYPES.varString,
    isUnsigned: false,
    decimals: 0,
  };
  const decode = (...values: readonly Buffer[]) => {
    const decoder = new RowDecoder([definition], makeBatchWriter(schema), {
      where: { schema: 's', table: 'x' },
      zeroDates: 'error',
    });
    for (const value of values) {
      const row = Buffer.concat([Buffer.from([0, 0, value.length]), value]);
      decoder.row(row, 0, row.length);
    }
    return decoder.finish();
  };
  assert.equal(decode(Buffer.from('é'), Buffer.from('')).numRows, 2);
  const invalid = { code: 'SOURCE_DATA_INVALID', message: /column "t" of s\.x .*UTF-8 \(c3\)/ };
  assert.throws(() => decode(Buffer.from('a'), Buffer.from([0xc3])), invalid);
  assert.throws(() => decode(Buffer.from([0xc3]), Buffer.from([0xa9])), invalid);
});
