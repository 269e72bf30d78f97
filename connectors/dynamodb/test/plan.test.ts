import assert from 'node:assert/strict';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { makeRanges, makeValues, notNull, onlyNull } from '@ergane/protocol';
import type { Constraints, Range, Value, ValueSet } from '@ergane/protocol';
import { Decimal, Utf8 } from 'apache-arrow';
import { ask, openTestDynamodb } from './dynamodb-for-tests.ts';
import type { Answer, Question, TestDynamodb } from './dynamodb-for-tests.ts';
import { makeRecordingDefinition } from './recording-client.ts';
import type { Call } from './recording-client.ts';

const TEXT = new Utf8();
const NUMBER = new Decimal(0, 38, 128);
const text = (...values: string[]): ValueSet => makeValues(TEXT, values);
const numbers = (...values: bigint[]): ValueSet => makeValues(NUMBER, values);
const between = (low: Value | undefined, high: Value | undefined): Range => ({
  low: { value: low, bound: low === undefined ? 'ABOVE' : 'EXACTLY' },
  high: { value: high, bound: high === undefined ? 'BELOW' : 'EXACTLY' },
});

/** 200 parts: 4 categories, prices 0 to 199; every tenth part has no price, every seventh no category. */
async function makeParts(t: TestContext): Promise<{ db: TestDynamodb; table: string } | undefined> {
  const db = await openTestDynamodb(t);
  if (db === undefined) return undefined;
  const names = { id: 'S', line: 'N', category: 'S', price: 'N', maker: 'S' } as const;
  const table = await db.createTable({
    KeySchema: [
      { AttributeName: 'id', KeyType: 'HASH' },
      { AttributeName: 'line', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: Object.entries(names).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    LocalSecondaryIndexes: [
      {
        IndexName: 'by-id-price',
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'price', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-category',
        KeySchema: [{ AttributeName: 'category', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] },
      },
      {
        IndexName: 'by-maker-price',
        KeySchema: [
          { AttributeName: 'maker', KeyType: 'HASH' },
          { AttributeName: 'price', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  const categories = ['engine', 'wheel', 'seat', 'light'];
  await db.put(
    table,
    Array.from({ length: 200 }, (_, n) => ({
      id: { S: `p${n % 20}` },
      line: { N: String(n) },
      maker: { S: `m${n % 3}` },
      name: { S: `Part ${n}` },
      ...(n % 7 !== 0 && { category: { S: categories[n % 4] ?? '' } }),
      ...(n % 10 !== 0 && { price: { N: String(n) } }),
      size: { S: n % 2 === 0 ? 'small' : 'large' },
    })),
  );
  return { db, table };
}

type Asked = Answer & { readonly calls: readonly Call[]; readonly lines: readonly string[] };

async function askParts(
  { db, table }: { db: TestDynamodb; table: string },
  columns: readonly string[],
  constraints: Partial<Constraints>,
  environment: Question['environment'] = {},
): Promise<Asked> {
  const { definition, calls } = makeRecordingDefinition();
  const answer = await ask(db, { table, columns, constraints, environment }, definition);
  const reads = calls.filter((call) => ['Query', 'Scan', 'BatchGetItem'].includes(call.operation));
  // without the sample's scans
  const sampled = reads.findIndex(
    (call) => call.input['Limit'] === undefined || call.input['ReturnConsumedCapacity'] !== undefined,
  );
  return {
    ...answer,
    calls: reads.slice(sampled === -1 ? reads.length : sampled),
    lines: answer.rows.map((row) => String(row['line'])).sort((a, b) => Number(a) - Number(b)),
  };
}

const expectLines = (matches: (n: number) => boolean): string[] =>
  Array.from({ length: 200 }, (_, n) => n)
    .filter(matches)
    .map(String);

const operationsOf = ({ calls }: Asked): string[] =>
  calls.map(({ operation, input }) => [operation, input['IndexName']].filter(Boolean).join(' '));

void test('one value of the partition key is one Query, with the sort key where it is given', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  const byHash = await askParts(parts, ['line'], { summary: { id: text('p3') } });
  assert.deepEqual(
    byHash.lines,
    expectLines((n) => n % 20 === 3),
  );
  assert.deepEqual(operationsOf(byHash), ['Query']);
  assert.match(byHash.explained[0] ?? '', /^Query of "T.*": "id" = 'p3'; projection "line", "id"\nQuery of the table/);
  assert.equal(byHash.statistics['rowsRead'], 10);
  assert.ok((byHash.statistics['consumedCapacity'] ?? 0) > 0);

  const summary = { id: text('p3'), line: makeRanges(NUMBER, [between(23n, 63n)]) };
  const byRange = await askParts(parts, ['line'], { summary });
  assert.deepEqual(byRange.lines, ['23', '43', '63']);
  assert.match(byRange.explained[0] ?? '', /"line" BETWEEN 23 AND 63/);
  const above = await askParts(parts, ['line'], {
    summary: { id: text('p3'), line: makeRanges(NUMBER, [between(100n, undefined)]) },
  });
  assert.deepEqual(above.lines, ['103', '123', '143', '163', '183']);

  const one = await askParts(parts, ['line'], { summary: { id: text('p3'), line: numbers(43n) } });
  assert.deepEqual(one.lines, ['43']);
  assert.equal(one.calls.length, 1);
});

void test('whole keys are got in batches, several partition keys are queried', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  const keys = { id: text('p3', 'p4', 'none'), line: numbers(3n, 4n, 23n) };
  const got = await askParts(parts, ['line', 'name'], { summary: keys });
  assert.deepEqual(got.lines, ['3', '4', '23']);
  assert.deepEqual(operationsOf(got), ['BatchGetItem']);
  assert.match(got.explained[0] ?? '', /^BatchGetItem of "T.*": 9 keys/);

  const many = await askParts(parts, ['line'], { summary: { id: text('p1', 'p2', 'p5', '') } });
  assert.deepEqual(
    many.lines,
    expectLines((n) => [1, 2, 5].includes(n % 20)),
  );
  assert.deepEqual(operationsOf(many), ['Query', 'Query', 'Query']);
  assert.equal(many.splits.length, 1);

  const none = await askParts(parts, ['line'], { summary: { id: text('') } });
  assert.deepEqual(none.splits, []);
});

void test('more than a hundred keys are several batches', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  const ids = Array.from({ length: 20 }, (_, n) => `p${n}`);
  const lines = Array.from({ length: 40 }, (_, n) => BigInt(n));
  const got = await askParts(parts, ['line'], { summary: { id: text(...ids), line: numbers(...lines) } });
  // 800 keys are 8 requests, more than a scan of one page
  assert.deepEqual(
    got.lines,
    expectLines((n) => n < 40),
  );
  const some = await askParts(parts, ['line'], { summary: { id: text(...ids), line: numbers(...lines.slice(0, 6)) } });
  assert.deepEqual(operationsOf(some), ['BatchGetItem', 'BatchGetItem']);
  assert.deepEqual(
    some.lines,
    expectLines((n) => n < 6),
  );
});

void test('an index is used where it has every item and attribute that is asked for', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  const engine = { category: text('engine') };
  const expected = expectLines((n) => n % 4 === 0 && n % 7 !== 0);
  const global = await askParts(parts, ['line', 'name', 'category'], { summary: engine });
  assert.deepEqual(global.lines, expected);
  assert.deepEqual(operationsOf(global), ['Query by-category']);
  assert.match(global.explained[0] ?? '', /index "by-category": "category" = 'engine'/);

  const lacking = await askParts(parts, ['line', 'size', 'category'], { summary: engine });
  assert.deepEqual(lacking.lines, expected);
  assert.deepEqual(operationsOf(lacking), ['Scan']);
  assert.match(lacking.explained[0] ?? '', /index "by-category" cannot answer/);

  const consistent = await askParts(
    parts,
    ['line', 'category'],
    { summary: engine },
    { ergane_consistent_read: 'true' },
  );
  assert.deepEqual(operationsOf(consistent), ['Scan']);
  assert.equal(consistent.calls[0]?.input['ConsistentRead'], true);
  assert.deepEqual(consistent.lines, expected);
});

void test('an index that may lack items is not used', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  // parts without a price are not in by-maker-price
  const maker = await askParts(parts, ['line', 'maker'], { summary: { maker: text('m1') } });
  assert.deepEqual(operationsOf(maker), ['Scan']);
  assert.deepEqual(
    maker.lines,
    expectLines((n) => n % 3 === 1),
  );

  const dear = makeRanges(NUMBER, [between(150n, undefined)]);
  const priced = await askParts(parts, ['line', 'maker', 'price'], { summary: { maker: text('m1'), price: dear } });
  assert.deepEqual(operationsOf(priced), ['Query by-maker-price']);
  assert.deepEqual(
    priced.lines,
    expectLines((n) => n % 3 === 1 && n >= 150 && n % 10 !== 0),
  );

  const orNull = makeRanges(NUMBER, [between(150n, undefined)], { nullAllowed: true });
  const nullable = await askParts(parts, ['line', 'maker', 'price'], { summary: { maker: text('m1'), price: orNull } });
  assert.deepEqual(operationsOf(nullable), ['Scan']);
  assert.deepEqual(
    nullable.lines,
    expectLines((n) => n % 3 === 1 && (n >= 150 || n % 10 === 0)),
  );

  const local = await askParts(parts, ['line', 'name', 'price'], { summary: { id: text('p5'), price: dear } });
  assert.deepEqual(operationsOf(local), ['Query by-id-price']);
  assert.deepEqual(
    local.lines,
    expectLines((n) => n % 20 === 5 && n >= 150 && n % 10 !== 0),
  );
});

void test('filters run in DynamoDB, NULL and missing as in SQL', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  const cases: readonly (readonly [ValueSet, (n: number) => boolean])[] = [
    [text('engine', 'seat'), (n) => n % 2 === 0],
    [makeRanges(TEXT, [between('f', 'm')]), (n) => n % 4 === 3],
    [notNull(TEXT), () => true],
  ];
  for (const [category, matches] of cases) {
    const answer = await askParts(parts, ['line', 'size'], { summary: { category } });
    assert.deepEqual(
      answer.lines,
      expectLines((n) => n % 7 !== 0 && matches(n)),
    );
    assert.equal(typeof answer.calls[0]?.input['FilterExpression'], 'string');
  }
  const absent = await askParts(parts, ['line'], { summary: { category: onlyNull(TEXT), price: onlyNull(NUMBER) } });
  assert.deepEqual(
    absent.lines,
    expectLines((n) => n % 70 === 0),
  );
});

void test('a limit stops the read: pages grow, and rows are counted after the filter', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  const first = await askParts(parts, ['line'], { limit: 10 });
  assert.equal(first.rows.length, 10);
  assert.equal(first.calls.length, 1);
  assert.equal(first.statistics['rowsRead'], 10);
  assert.match(first.explained[0] ?? '', /stops after 10 matching rows/);

  const filtered = await askParts(parts, ['line', 'size'], { limit: 10, summary: { size: text('small') } });
  assert.equal(filtered.rows.length, 10);
  assert.ok(filtered.rows.every((row) => row['size'] === 'small'));
  assert.equal(filtered.calls.length, 1);

  const rare = await askParts(parts, ['line', 'name'], { limit: 10, summary: { name: text('Part 7', 'Part 199') } });
  assert.equal(rare.rows.length, 2);
  assert.ok(rare.calls.length <= 3, `${rare.calls.length} requests`);

  const engine = await askParts(parts, ['line', 'category'], { limit: 10, summary: { category: text('engine') } });
  assert.deepEqual(operationsOf(engine), ['Query by-category']);
  assert.equal(engine.rows.length, 10);
});

void test('the order of the sort key is the order of a Query', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  const last = await askParts(parts, ['line'], {
    summary: { id: text('p3') },
    limit: 2,
    orderByClause: [{ columnName: 'line', direction: 'DESC_NULLS_LAST' }],
  });
  assert.deepEqual(
    last.rows.map((row) => row['line']),
    ['183', '163'],
  );
  assert.match(last.explained[0] ?? '', /backward; .*stops after 2/);
  const other = await askParts(parts, ['line', 'name'], {
    summary: { id: text('p3') },
    limit: 2,
    orderByClause: [{ columnName: 'name', direction: 'ASC_NULLS_LAST' }],
  });
  assert.equal(other.rows.length, 10);
});

void test('rows without columns are counted by DynamoDB', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  const all = await askParts(parts, [], {});
  assert.equal(all.rows.length, 200);
  assert.equal(all.calls[0]?.input['Select'], 'COUNT');
  const some = await askParts(parts, [], { summary: { category: text('engine') } });
  assert.equal(some.rows.length, expectLines((n) => n % 4 === 0 && n % 7 !== 0).length);
});

void test('more conditions than an expression may have are left to the function', async (t) => {
  const parts = await makeParts(t);
  if (parts === undefined) return;
  const evens = Array.from({ length: 20 }, (_, n) => between(BigInt(n * 10), BigInt(n * 10 + 8)));
  const many = makeRanges(NUMBER, evens);
  const words = makeRanges(
    TEXT,
    evens.map((_, n) => between(`Part ${String.fromCharCode(48 + n)}`, `Part ${String.fromCharCode(48 + n)}5`)),
  );
  const summary = { line: many, price: many, name: words, size: words, maker: words, category: words };
  const answer = await askParts(parts, ['line'], { summary });
  assert.match(answer.explained[0] ?? '', /filtered by the function, not by DynamoDB: /);
});
