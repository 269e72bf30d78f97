import assert from 'node:assert/strict';
import test from 'node:test';
import { makeBatchWriter } from '@ergane/sdk';
import { Decimal, Field, Float64, Schema, Utf8 } from 'apache-arrow';
import fc from 'fast-check';
import { toWireValue } from '../src/plan/wire-values.ts';
import { makeColumnDecoder, makeStore } from '../src/read/column-decoder.ts';
import { makeLosses } from '../src/read/losses.ts';
import { Misfit } from '../src/read/misfit.ts';
import { parseUnscaled } from '@ergane/schemas';
import { parseSmallUnscaled } from '../src/read/number.ts';
import { countDigits, isDouble } from '@ergane/schemas';
import { readRows } from './read-rows.ts';

/** A number of up to 38 digits with its value as digits and exponent, and a text of it: plain or with exponent, zeros around. */
const numberText = fc
  .record({
    digits: fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
    places: fc.integer({ min: 0, max: 30 }),
    exponent: fc.boolean(),
    zeros: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ digits, places, exponent, zeros }) => {
    const sign = digits < 0n ? '-' : '';
    const text = (digits < 0n ? -digits : digits).toString();
    if (exponent) return { digits, places, text: `${sign}${text}E-${places}` };
    const padded = '0'.repeat(zeros) + text.padStart(places + 1, '0');
    const fraction = places === 0 ? '' : `.${padded.slice(-places)}${'0'.repeat(zeros)}`;
    return { digits, places, text: `${sign}${padded.slice(0, padded.length - places)}${fraction}` };
  });

void test('a number text is its digits, or does not fit', () => {
  fc.assert(
    fc.property(numberText, fc.integer({ min: 0, max: 38 }), ({ digits, places, text }, scale) => {
      const shifted = digits * 10n ** BigInt(scale);
      const exact = shifted % 10n ** BigInt(places) === 0n;
      const unscaled = shifted / 10n ** BigInt(places);
      const fits = exact && unscaled < 10n ** 38n && unscaled > -(10n ** 38n);
      assert.equal(parseUnscaled(text, 38, scale), fits ? unscaled : undefined, text);
      const small = parseSmallUnscaled(text, scale);
      if (!Number.isNaN(small)) assert.equal(BigInt(small), unscaled, text);
      const counted = countDigits(text);
      assert.equal(fits, counted.scale <= scale && counted.integerDigits <= 38 - scale, text);
    }),
    { numRuns: 2000 },
  );
});

void test('a decimal column holds what the texts say', () => {
  fc.assert(
    fc.property(
      fc.array(numberText, { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 0, max: 12 }),
      (numbers, scale) => {
        const schema = new Schema([new Field('n', new Decimal(scale, 38, 128), true)]);
        const writer = makeBatchWriter(schema);
        const [column] = writer.columns;
        assert.ok(column !== undefined);
        const store = makeStore(column, { path: 'n', losses: makeLosses() });
        const decode = makeColumnDecoder(column, 'n', { store, at: { index: 0 } });
        const fitting = numbers.filter(({ text }) => parseUnscaled(text, 38, scale) !== undefined);
        decode(
          fitting.map(({ text }) => ({ n: { N: text } })),
          { from: 0, to: fitting.length, row: 0 },
        );
        for (let row = 0; row < fitting.length; row++) writer.endRow();
        const read = readRows(writer.finish()).map((row) => String(row['n']));
        const type = new Decimal(scale, 38, 128);
        for (const [index, { text }] of fitting.entries()) {
          const unscaled = parseUnscaled(text, 38, scale) ?? 0n;
          assert.equal(BigInt((read[index] ?? '').replace('.', '')), unscaled, text);
          // and back to DynamoDB, for a filter
          assert.equal(parseUnscaled(toWireValue(type, unscaled)?.N ?? '', 38, scale), unscaled);
        }
        const [misfit] = numbers.filter((number) => !fitting.includes(number));
        if (misfit !== undefined)
          assert.throws(() => decode([{ n: { N: misfit.text } }], { from: 0, to: 1, row: 0 }), Misfit);
      },
    ),
  );
});

void test('a double is taken only where it keeps every digit', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(isDouble(String(value)));
    }),
  );
  for (const text of ['0', '-0', '0.1', '1e125', '9007199254740992', '0.30000000000000004'])
    assert.equal(isDouble(text), true, text);
  for (const text of ['0.1234567890123456789', '12345678901234567890123', '9.9999999999999999999E+125'])
    assert.equal(isDouble(text), false, text);
  assert.equal(toWireValue(new Float64(), NaN), undefined);
  assert.equal(toWireValue(new Float64(), 1e300), undefined);
  assert.deepEqual(toWireValue(new Utf8(), 'x'), { S: 'x' });
});
