import assert from 'node:assert/strict';
import { test } from 'node:test';
import { packTimestampTz, unpackTimestampTz, zoneKeyOf, zoneOfKey } from '@ergane/protocol';

test("Java's own example", () => {
  const millis = BigInt(Date.parse('2015-12-21T17:42:34-05:00'));
  assert.equal(packTimestampTz(millis, '-05:00'), 5942221840384541n);
  assert.deepEqual(unpackTimestampTz(5942221840384541n), { millis, zone: '-05:00' });
});

test('every key that is given belongs to one zone, and that zone to the key', () => {
  let given = 0;
  for (let key = 0; key < 4096; key++) {
    const zone = zoneOfKey(key);
    if (zone === undefined) continue;
    given++;
    assert.equal(zoneKeyOf(zone), key, zone);
  }
  assert.equal(given, 2225);
});

test('fixed points of the table', () => {
  const keys = { UTC: 0, '-14:00': 1, '-00:01': 840, '+00:01': 841, '+14:00': 1680 };
  const names = { 'Africa/Abidjan': 1681, 'Europe/Saratov': 2228 };
  for (const [zone, key] of Object.entries({ ...keys, ...names })) assert.equal(zoneKeyOf(zone), key, zone);
});

test('other ways to write a zone', () => {
  const same: [string, string][] = [
    ['Z', 'UTC'],
    ['Etc/Greenwich', 'UTC'],
    ['GMT0', 'UTC'],
    ['+00:00', 'UTC'],
    ['-0', 'UTC'],
    ['UTC+05:30', '+05:30'],
    ['GMT-3', '-03:00'],
    ['+7', '+07:00'],
    ['Etc/GMT+5', '-05:00'],
    ['etc/gmt-12', '+12:00'],
    ['europe/berlin', 'Europe/Berlin'],
    ['Europe/Kyiv', 'Europe/Kiev'],
  ];
  for (const [written, zone] of same) assert.equal(zoneKeyOf(written), zoneKeyOf(zone), written);
});

test('what is no zone, and what does not fit', () => {
  for (const zone of ['Nowhere/At_All', '+14:01', '+15', '+01:60', ''])
    assert.throws(() => zoneKeyOf(zone), { code: 'NOT_SUPPORTED' }, zone);
  assert.throws(() => packTimestampTz(2n ** 51n, 'UTC'), { code: 'NUMERIC_VALUE_OUT_OF_RANGE' });
  assert.throws(() => unpackTimestampTz(4095n), { code: 'PROTOCOL_INVALID' });
  for (const millis of [2n ** 51n - 1n, -(2n ** 51n), -1n, 0n])
    assert.deepEqual(unpackTimestampTz(packTimestampTz(millis, '+14:00')), { millis, zone: '+14:00' });
});
