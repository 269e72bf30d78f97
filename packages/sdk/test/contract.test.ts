import {
  Binary,
  Bool,
  DateDay,
  DateMillisecond,
  Decimal,
  Field,
  Float32,
  Float64,
  Int16,
  Int32,
  Int64,
  Int8,
  List,
  Map_,
  Schema,
  Struct,
  TimestampMillisecond,
  Utf8,
} from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import { connectorContract } from '../src/testing/index.ts';
import { makeRowsConnector } from './rows-connector.ts';

const field = (name: string, type: DataType) => new Field(name, type, true);
const pair = new Struct([field('x', new Int32()), field('y', new Utf8())]);
const entries = new Field(
  'entries',
  new Struct([new Field('key', new Utf8(), false), field('value', new Int64())]),
  false,
);

const EVERY_TYPE = new Schema([
  field('Bool', new Bool()),
  field('tiny', new Int8()),
  field('small', new Int16()),
  field('int', new Int32()),
  field('big', new Int64()),
  field('real', new Float32()),
  field('double', new Float64()),
  field('decimal', new Decimal(2, 38)),
  field('text', new Utf8()),
  field('bytes', new Binary()),
  field('day', new DateDay()),
  field('moment', new DateMillisecond()),
  field('zoned', new TimestampMillisecond('UTC')),
  field('list', new List(field('', new Utf8()))),
  field('pair', pair),
  field('map', new Map_(entries)),
]);

const NULLS = EVERY_TYPE.fields.map(() => null);
const ROWS: readonly (readonly unknown[])[] = [
  [
    true,
    -128,
    -32768,
    -(2 ** 31),
    -(2n ** 63n),
    -3.4028234663852886e38,
    -Number.MAX_VALUE,
    1n - 10n ** 38n,
    '',
    new Uint8Array(0),
    -719_162,
    -62_135_596_800_000n,
    -(5n << 12n),
    [],
    { x: null, y: null },
    [],
  ],
  [
    false,
    127,
    32767,
    2 ** 31 - 1,
    2n ** 63n - 1n,
    3.4028234663852886e38,
    Number.MAX_VALUE,
    10n ** 38n - 1n,
    'ß😀\uffff',
    Buffer.from([0, 255]),
    2_932_896,
    253_402_300_799_999n,
    (5n << 12n) | 7n,
    ['a', null, ''],
    { x: 1, y: 'é' },
    [
      ['k', 1n],
      ['l', null],
    ],
  ],
  NULLS,
  [true, 0, 0, 0, 0n, 0, 0, 0n, 'a', Buffer.from('a'), 0, 0n, 5n << 12n, ['😀'], { x: 0, y: '' }, [['', 0n]]],
  [true, 1, 1, 1, 1n, NaN, NaN, 1n, 'a\u0000', Buffer.from('a\u0000'), 1, 1n, 1n << 12n, [null], null, null],
  [
    null,
    5,
    -5,
    5,
    -5n,
    Infinity,
    -Infinity,
    -1n,
    '\ud83d\ude00',
    Buffer.from([128]),
    -1,
    -1n,
    -1n << 12n,
    null,
    { x: -1, y: null },
    [['a', 2n ** 62n]],
  ],
];

connectorContract({
  name: 'rows',
  connector: makeRowsConnector({
    'Every Type': { schema: EVERY_TYPE, rows: [...ROWS, ...ROWS.toReversed(), NULLS, ...ROWS] },
    empty: { schema: EVERY_TYPE, rows: [] },
    'one row': {
      schema: new Schema([field('Ünï "cödé"', new Utf8()), field('select', new Int32())]),
      rows: [['x', 1]],
    },
    nulls: { schema: EVERY_TYPE, rows: Array.from({ length: 30 }, () => NULLS) },
  }),
  open: () => Promise.resolve({ environment: {}, [Symbol.asyncDispose]: () => Promise.resolve() }),
  tables: [
    {
      schemaName: 'Main',
      tableName: 'Every Type',
      rows: [...ROWS, ...ROWS.toReversed(), NULLS, ...ROWS].map(readBack),
      minSplits: 2,
    },
    { schemaName: 'Main', tableName: 'empty', rows: [] },
    { schemaName: 'Main', tableName: 'one row', types: { select: 'Int32' } },
    { schemaName: 'Main', tableName: 'nulls' },
  ],
  predicates: 80,
});

/** Floats are read in their own precision. */
function readBack(row: readonly unknown[]): readonly unknown[] {
  return row.map((cell, index) => (index === 5 && typeof cell === 'number' ? Math.fround(cell) : cell));
}
