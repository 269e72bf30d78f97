import assert from 'node:assert/strict';
import test from 'node:test';
import { makeRanges, makeValues, NO_CONSTRAINTS } from '@ergane/protocol';
import type { Constraints, FederationExpression, Value } from '@ergane/protocol';
import { plainRows, sortedRows } from '@ergane/sdk/testing';
import type { DataType } from 'apache-arrow';
import { Bool, DateDay, DateMillisecond, Decimal, Float64, Int32, Int64, Utf8 } from 'apache-arrow';
import { makeBatchWriter } from '@ergane/sdk';
import { Field, Schema } from 'apache-arrow';
import { findRelation } from '../src/catalog.ts';
import { planColumns } from '../src/planned-column.ts';
import type { PlannedColumns } from '../src/planned-column.ts';
import { toQuery } from '../src/to-query.ts';
import type { TableQuery } from '../src/to-query.ts';
import { openFunction } from './open-function.ts';
import type { TestFunction } from './open-function.ts';

const OPTIONS = {
  defaultScale: undefined,
  microseconds: 'truncate',
  specialValues: 'error',
  splitBytes: 1e8,
} as const;

const call = (functionName: string, ...operands: FederationExpression[]): FederationExpression => ({
  kind: 'FunctionCallExpression',
  type: new Bool(),
  functionName,
  arguments: operands,
});
const variable = (columnName: string, type: DataType): FederationExpression => ({
  kind: 'VariableExpression',
  columnName,
  type,
});

function constant(type: DataType, value: Value | null): FederationExpression {
  const schema = new Schema([new Field('col1', type, true)]);
  const writer = makeBatchWriter(schema, { rows: 1 });
  writer.appendRow([value]);
  return { kind: 'ConstantExpression', valueBlock: { schema, batch: writer.finish() }, type };
}

interface Scope {
  readonly source: TestFunction;
  readonly columns: PlannedColumns;
  /** the pushed query, and the ids that it gives at the server */
  ask(
    constraints: Partial<Constraints>,
  ): Promise<{ readonly answer: ReturnType<typeof toQuery>; readonly ids: readonly number[] }>;
}

function withTable(name: string, sql: string, check: (scope: Scope) => Promise<void>): void {
  test(name, { timeout: 60_000 }, async (context) => {
    const opened = await openFunction(context);
    if (opened === undefined) return;
    await using source = opened;
    await source.database.run(sql);
    const relation = await findRelation(source.database.run, { schemaName: 'public', tableName: 't' });
    assert.ok(relation !== undefined);
    const columns = planColumns(relation, OPTIONS);
    const id = columns.get('id') ?? assert.fail();
    await check({
      source,
      columns,
      async ask(constraints) {
        const answer = toQuery({
          source: { schema: 'public', relation: 't', only: false, paged: false },
          selected: [id],
          columns,
          constraints: { ...NO_CONSTRAINTS, ...constraints },
        });
        return { answer, ids: await run(source, answer.query) };
      },
    });
  });
}

async function run(source: TestFunction, { sql, parameters }: TableQuery): Promise<readonly number[]> {
  return (await source.database.run(sql, parameters)).map(([id]) => Number(id));
}

const STRINGS = `create table t (id int4, name text collate "en-x-icu", other text collate "de-x-icu", code char(4), plain text);
insert into t values (1, 'a', 'b', 'ab', 'a%c'), (2, 'B', 'a', 'x', 'abc'), (3, 'ä', 'ä', null, 'a\\c'), (4, 'Z', 'Z', 'ab', 'a_c'), (5, null, 'q', '', null)`;
const utf8 = new Utf8();

withTable('strings compare by code point, whatever the collation', STRINGS, async ({ ask }) => {
  const name = variable('name', utf8);
  const ids = async (expression: FederationExpression): Promise<readonly number[]> => {
    const { answer, ids: found } = await ask({ expression: [expression] });
    assert.deepEqual(answer.expressions, [expression]);
    return [...found].sort();
  };
  assert.deepEqual(await ids(call('$less_than', name, constant(utf8, 'a'))), [2, 4]);
  assert.deepEqual(await ids(call('$less_than', constant(utf8, 'a'), name)), [3]);
  assert.deepEqual(await ids(call('$greater_than_or_equal', name, variable('other', utf8))), [3, 4]);
  assert.deepEqual(await ids(call('$not_equal', name, constant(utf8, 'B'))), [1, 3, 4]);
  assert.deepEqual(await ids(call('$is_distinct_from', name, constant(utf8, 'B'))), [1, 3, 4, 5]);
  assert.deepEqual(await ids(call('$is_distinct_from', name, variable('other', utf8))), [1, 2, 5]);
  assert.deepEqual(await ids(call('$not', call('$is_null', name))), [1, 2, 3, 4]);
  assert.deepEqual(await ids(call('$or', call('$is_null', name), call('$equal', name, constant(utf8, 'Z')))), [4, 5]);
  assert.deepEqual(await ids(call('$in', name, call('$array', constant(utf8, 'a'), constant(utf8, 'ä')))), [1, 3]);
  // char(n) is delivered without its padding
  assert.deepEqual(await ids(call('$equal', variable('code', utf8), constant(utf8, 'ab'))), [1, 4]);
  assert.deepEqual(await ids(call('$equal', variable('code', utf8), constant(utf8, 'ab  '))), []);
});

withTable("LIKE has no escape character, as Trino's", STRINGS, async ({ ask }) => {
  const like = async (pattern: string): Promise<readonly number[]> => {
    const expression = [call('$like_pattern', variable('plain', utf8), constant(utf8, pattern))];
    return [...(await ask({ expression })).ids].sort();
  };
  assert.deepEqual(await like('a\\c'), [3]);
  assert.deepEqual(await like('a_c'), [1, 2, 3, 4]);
  assert.deepEqual(await like('a%'), [1, 2, 3, 4]);
  assert.deepEqual(await like('%\\%'), [3]);
});

withTable(
  'NaN is no number that compares, and what cannot be said exactly is left to the engine',
  `create table t (id int4, f float8, g float8, d int4[]); insert into t values (1, 'NaN', 1, '{1}'), (2, 5, 5, null), (3, 'Infinity', 1, '{}'), (4, null, 1, '{2}')`,
  async ({ ask }) => {
    const f = variable('f', new Float64());
    const five = constant(new Float64(), 5);
    const ids = async (expression: FederationExpression) => [...(await ask({ expression: [expression] })).ids].sort();
    assert.deepEqual(await ids(call('$greater_than', f, constant(new Float64(), 1))), [2, 3]);
    assert.deepEqual(await ids(call('$not', call('$greater_than', f, five))), [1, 2]);
    assert.deepEqual(await ids(call('$not_equal', f, five)), [1, 3]);
    const kept: readonly FederationExpression[] = [
      call('$equal', f, constant(new Float64(), NaN)),
      call('$less_than', f, variable('g', new Float64())),
      call('$add', f, five),
      call('$equal', variable('nowhere', new Int32()), constant(new Int32(), 1)),
      call('$in', f, call('$array', five, constant(new Float64(), null))),
      call('$and', call('$is_null', f), call('$unknown', f)),
    ];
    for (const expression of kept) {
      const { answer, ids: all } = await ask({ expression: [expression], limit: 1 });
      assert.deepEqual([answer.expressions, answer.limit, all.length], [[], false, 4]);
    }
    assert.deepEqual(await ids(call('$is_null', variable('d', new Int32()))), [2]);
  },
);

withTable(
  'timestamps compare as delivered, cut to milliseconds, and by an index',
  `create table t as select i as id, timestamp '2024-01-01' + i * interval '0.0004 s' as moment from generate_series(0, 20000) i;
   create index on t (moment); analyze t`,
  async ({ ask, source }) => {
    const type = new DateMillisecond();
    const first = BigInt(Date.parse('2024-01-01T00:00:00.001Z'));
    const { answer, ids } = await ask({ summary: { moment: makeValues(type, [first]) } });
    assert.deepEqual(ids, [3, 4]);
    const plan = JSON.stringify(await source.database.run(`explain ${answer.query.sql}`, answer.query.parameters));
    assert.match(plan, /Index/);
    const open = makeRanges(type, [
      { low: { value: first, bound: 'ABOVE' }, high: { value: first + 1n, bound: 'EXACTLY' } },
    ]);
    assert.deepEqual((await ask({ summary: { moment: open } })).ids, [5, 6, 7]);
    const far = makeValues(type, [-(2n ** 62n)]);
    assert.deepEqual((await ask({ summary: { moment: far } })).answer.columns, []);
  },
);

withTable(
  'limit and order: taken together, with the whole condition, or not at all',
  `create table t (id int4, name text collate "en-x-icu", at timestamp, list int4[]); insert into t values (1, 'b', '2024-01-01 00:00:00.0009', null), (2, 'A', '2024-01-01 00:00:00.0001', null), (3, 'ä', null, null), (4, 'a', '2023-01-01', null)`,
  async ({ ask }) => {
    const order = (columnName: string, direction: 'ASC_NULLS_FIRST' | 'DESC_NULLS_LAST') => ({ columnName, direction });
    const byName = await ask({ limit: 3, orderByClause: [order('name', 'DESC_NULLS_LAST')] });
    assert.deepEqual([byName.ids, byName.answer.order, byName.answer.limit], [[3, 1, 4], true, true]);
    // equal as delivered, so the next key decides
    const byTime = await ask({
      limit: 4,
      orderByClause: [order('at', 'ASC_NULLS_FIRST'), order('id', 'ASC_NULLS_FIRST')],
    });
    assert.deepEqual(byTime.ids, [3, 4, 1, 2]);
    const byList = await ask({ limit: 1, orderByClause: [order('list', 'ASC_NULLS_FIRST')] });
    assert.deepEqual([byList.ids.length, byList.answer.order, byList.answer.limit], [4, false, false]);
    assert.equal((await ask({ orderByClause: [order('id', 'ASC_NULLS_FIRST')] })).answer.order, false);
    assert.equal((await ask({ limit: 0 })).ids.length, 0);
  },
);

withTable(
  'parameters carry every value: quotes, backslashes, extremes, thousands',
  `create table t (id int8, name text, price numeric(38, 10), day date, raw bytea); insert into t values (1, 'O''Re"il\\ly {a,b}', 9999999999999999999999999999.9999999999, '0044-03-15 BC', '\\x00ff'), (-9223372036854775808, '', -0.0000000001, '5874897-12-31', '')`,
  async ({ ask }) => {
    const one = async (column: string, type: DataType, value: Value) =>
      (await ask({ summary: { [column]: makeValues(type, [value]) } })).ids;
    assert.deepEqual(await one('name', utf8, 'O\'Re"il\\ly {a,b}'), [1]);
    assert.deepEqual((await ask({ summary: { name: makeValues(utf8, ['O\'Re"il\\ly {a,b}', 'x"', '\\']) } })).ids, [1]);
    assert.deepEqual(await one('price', new Decimal(10, 38), 10n ** 38n - 1n), [1]);
    assert.deepEqual(await one('day', new DateDay(), Date.UTC(-43, 2, 15) / 86_400_000), [1]);
    const binary = await ask({ expression: [call('$is_null', variable('raw', utf8))] });
    assert.deepEqual(binary.ids, []);
    const many = Array.from({ length: 5000 }, (_, index) => BigInt(index));
    const { answer, ids } = await ask({ summary: { id: makeValues(new Int64(), many) } });
    assert.deepEqual([ids, answer.query.parameters.length], [[1], 1]);
    const others = await ask({
      summary: {
        name: makeRanges(utf8, [
          { low: { value: undefined, bound: 'ABOVE' }, high: { value: 'x\0y', bound: 'BELOW' } },
        ]),
      },
    });
    assert.deepEqual(others.answer.columns, []);
  },
);

test(
  'splits: partitions that the condition excludes are not read, small answers are one split, EXPLAIN tells it',
  { timeout: 60_000 },
  async (context) => {
    const opened = await openFunction(context, { ergane_split_mb: '0.125' });
    if (opened === undefined) return;
    await using source = opened;
    await source.database.run(`create table sales (id int8, day date, "Amount" numeric(10, 2)) partition by range (day);
    create table sales_2023 partition of sales for values from ('2023-01-01') to ('2024-01-01');
    create table sales_2024 partition of sales for values from ('2024-01-01') to ('2025-01-01');
    insert into sales select i, date '2023-01-01' + i % 730, i from generate_series(1, 20000) i; create index on sales (id); create unique index on sales (id, day); analyze sales_2023, sales_2024`);
    const table = await source.client.getTable({ schemaName: 'public', tableName: 'sales' });
    const splitsOf = async (constraints: Partial<Constraints>) =>
      (await source.client.splits(table, { constraints })).map((split) => split.properties);
    const all = await splitsOf({});
    assert.deepEqual([...new Set(all.map((split) => split['relation']))].sort(), ['sales_2023', 'sales_2024']);
    assert.ok(all.length >= 6, String(all.length));
    const day = (text: string) => Date.parse(text) / 86_400_000;
    const later = makeRanges(new DateDay(), [
      { low: { value: day('2024-06-01'), bound: 'EXACTLY' }, high: { value: undefined, bound: 'BELOW' } },
    ]);
    const pruned = await splitsOf({ summary: { day: later } });
    assert.deepEqual([...new Set(pruned.map((split) => split['relation']))], ['sales_2024']);
    assert.deepEqual(await splitsOf({ summary: { day: makeValues(new DateDay(), [day('1999-01-01')]) } }), []);
    const key = await splitsOf({ summary: { id: makeValues(new Int64(), [77n]) } });
    assert.deepEqual(
      key.map((split) => split['relation']),
      ['sales'],
    );
    assert.match(key[0]?.['reason'] ?? '', /Index/);
    const both = await splitsOf({
      summary: { id: makeValues(new Int64(), [77n, 78n]), day: makeValues(new DateDay(), [day('2023-03-19')]) },
    });
    assert.deepEqual(
      both.map((split) => split['reason']),
      ['unique key id, day: one split'],
    );
    assert.equal((await splitsOf({ limit: 10 })).length, 1);
    const rows = (
      await source.client.readTable(table, { constraints: { summary: { id: makeValues(new Int64(), [77n]) } } })
    ).flatMap(plainRows);
    assert.deepEqual(sortedRows(rows), sortedRows([[77n, day('2023-03-19'), 7700n]]));
  },
);
