import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { makeRanges, makeValues, NO_CONSTRAINTS, notNull, onlyNull, valueSetContains } from '@ergane/protocol';
import type { Marker, Range, Value, ValueSet } from '@ergane/protocol';
import fc from 'fast-check';
import { Int32 } from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import { columnsByName } from '../src/column-names.ts';
import { toQuery } from '../src/to-query.ts';
import { WHOLE_TABLE } from '../src/split.ts';
import { openConnector, readTable } from './test-reading.ts';
import type { TestConnector } from './test-reading.ts';
import { openDatabase, SERVERS } from './test-servers.ts';
import type { Server, TestDatabase } from './test-servers.ts';

/** Texts that collations confuse: case, accents, padding, what sorts below the space, ligatures, and what is not in latin1 or the BMP. */
const TEXTS = [
  '',
  ' ',
  'a',
  'A',
  'a ',
  'a\t',
  'ab',
  'aB',
  'Ab',
  'á',
  'b',
  'b\u0001',
  'ss',
  'ß',
  'z',
  '_',
  '%',
  'a%b',
  'a\\b',
  'é',
  "o'x",
];
const WIDE_TEXTS = [...TEXTS, '日本', '😀', '\ue000', '\u0000', '\uffff'];

/** `[column definition, SQL literals of its rows]` */
type Column = readonly [definition: string, literals: readonly string[]];

const quote = (text: string): string => `_utf8mb4 x'${Buffer.from(text).toString('hex')}'`;
const texts = TEXTS.map(quote);
const wide = WIDE_TEXTS.map(quote);

const COLUMNS: Readonly<Record<string, Column>> = {
  n_int: ['int', ['-5', '0', '1', '24', '2147483647', '-2147483648']],
  n_indexed: ['bigint, key (n_indexed)', ['-5', '0', '1', '9223372036854775807']],
  n_unsigned: ['bigint unsigned', ['0', '1', '9223372036854775808', '18446744073709551615']],
  n_decimal: ['decimal(10,2)', ['-1.50', '0', '0.01', '99999999.99']],
  n_large: ['decimal(65,30)', ['-1.5', '0', '12345678901234567890123456789012345.000000000000000000000000000001']],
  n_float: ['float', ['0.1', '-0.5', '1.5', '3e38', '0']],
  n_double: ['double', ['0.1', '-0.5', '1e308', '0']],
  b_one: ['bit(1)', ["b'0'", "b'1'"]],
  b_many: ['bit(9)', ["b'0'", "b'1'", "b'111111111'"]],
  y_year: ['year', ['0', '1999', '2024', '2155']],
  d_date: ['date', ["'0001-01-01'", "'1999-12-31'", "'2024-02-29'", "'9999-12-31'"]],
  t_milli: ['datetime(3)', ["'1969-12-31 23:59:59.999'", "'2024-01-01'", "'2024-01-01 00:00:00.001'"]],
  t_micro: [
    'datetime(6), key (t_micro)',
    [
      "'2024-01-01 00:00:00.000000'",
      "'2024-01-01 00:00:00.000999'",
      "'2024-01-01 00:00:00.001'",
      "'1969-12-31 23:59:59.999999'",
    ],
  ],
  t_stamp: [
    'timestamp(6) null',
    ["'2024-01-01 00:00:00.000999'", "'2024-01-01 00:00:00.001'", "'1970-01-01 00:00:01'"],
  ],
  t_time: ['time(3)', ["'838:59:59'", "'-01:00:00'", "'00:00:00.5'"]],
  c_default: ['varchar(20), key (c_default)', wide],
  c_bin: ['varchar(20) collate utf8mb4_bin, key (c_bin)', wide],
  c_char: ['char(20)', texts],
  c_latin: ['varchar(20) character set latin1, key (c_latin)', texts],
  c_text: ['text', wide],
  c_enum: ['enum("a","B","é")', ["'a'", "'B'", "'é'"]],
  c_set: ['set("a","B","c")', ["''", "'a'", "'a,B'"]],
  c_json: ['json', [`'"a"'`, `'{"a": 1}'`, `'[1, 2]'`, `'1'`]],
  x_var: ['varbinary(10)', ["x''", "x'00'", "x'61'", "x'6100'", "x'ff'"]],
  x_fixed: ['binary(2)', ["x''", "x'61'", "x'6120'", "x'ffff'"]],
};

const OWN_COLUMNS: Readonly<Record<Server, Readonly<Record<string, Column>>>> = {
  mysql: { c_0900: ['varchar(20) collate utf8mb4_0900_ai_ci, key (c_0900)', wide] },
  mariadb: {
    c_nopad: ['varchar(20) collate utf8mb4_nopad_bin, key (c_nopad)', wide],
    u_uuid: ['uuid', ["'00000000-0000-0000-0000-000000000001'", "'ffffffff-0000-0000-0000-000000000000'"]],
  },
};

interface Sample {
  readonly connector: TestConnector;
  readonly database: TestDatabase;
  readonly columns: readonly string[];
  /** all rows, by `id` and the columns */
  readonly rows: readonly (readonly (Value | null)[])[];
  typeOf(column: string): DataType;
}

async function makeSample(connector: TestConnector, database: TestDatabase): Promise<Sample> {
  const definitions = { ...COLUMNS, ...OWN_COLUMNS[database.server] };
  const columns = Object.keys(definitions);
  const list = Object.entries(definitions).map(([name, [definition]]) => `${name} ${definition}`);
  await database.run(`CREATE TABLE sample (id int primary key, ${list.join(', ')}) COLLATE utf8mb4_general_ci`);
  for (let id = 0; id <= WIDE_TEXTS.length; id++) {
    // the last row is NULL everywhere, the others go round the literals of each column
    const values = Object.values(definitions).map(([, literals]) =>
      id === 0 ? 'NULL' : literals[(id - 1) % literals.length],
    );
    await database.run(`INSERT INTO sample VALUES (${id}, ${values.join(', ')})`);
  }
  const { rows } = await readTable(connector, database, { table: 'sample' });
  const described = await connector.definition.describeTable(connector.context, {
    schemaName: database.name,
    tableName: 'sample',
  });
  return {
    connector,
    database,
    columns,
    rows,
    typeOf(column) {
      const field = described?.schema.fields.find(({ name }) => name === column);
      if (field === undefined) throw new Error(column);
      return field.type;
    },
  };
}

/** Value sets over the column's own values: lists, ranges of every kind of bound, NULL or not. */
function arbitrarySet(type: DataType, values: readonly Value[]): fc.Arbitrary<ValueSet> {
  const value = fc.constantFrom(...values);
  const marker = (bound: Marker['bound']): fc.Arbitrary<Marker> => value.map((at) => ({ value: at, bound }));
  const low = fc.oneof(marker('EXACTLY'), marker('ABOVE'), fc.constant<Marker>({ value: undefined, bound: 'ABOVE' }));
  const high = fc.oneof(marker('EXACTLY'), marker('BELOW'), fc.constant<Marker>({ value: undefined, bound: 'BELOW' }));
  const range: fc.Arbitrary<Range> = fc.record({ low, high });
  const nullAllowed = fc.boolean();
  return fc.oneof(
    fc
      .tuple(fc.array(value, { maxLength: 4 }), nullAllowed)
      .map(([list, isNull]) => makeValues(type, list, { nullAllowed: isNull })),
    fc.tuple(fc.array(range, { maxLength: 3 }), nullAllowed).map(([list, isNull]) =>
      makeRanges(
        type,
        list.filter((item) => isOrdered(type, item)),
        { nullAllowed: isNull },
      ),
    ),
    fc.constant(notNull(type)),
    fc.constant(onlyNull(type)),
  );
}

function isOrdered(type: DataType, { low, high }: Range): boolean {
  if (low.value === undefined || high.value === undefined) return true;
  const above = makeRanges(type, [
    { low: { value: low.value, bound: 'EXACTLY' }, high: { value: undefined, bound: 'BELOW' } },
  ]);
  if (!valueSetContains(above, high.value)) return false;
  const isPoint = valueSetContains(makeValues(type, [low.value]), high.value);
  return !isPoint || (low.bound === 'EXACTLY' && high.bound === 'EXACTLY');
}

for (const server of SERVERS)
  suite(`pushdown to ${server}`, () => {
    test('what the source finds by a value set is exactly what the engine would', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      using connector = openConnector(database);
      const sample = await makeSample(connector, database);
      for (const [index, column] of sample.columns.entries()) {
        const type = sample.typeOf(column);
        const values = sample.rows
          .map((row) => row[index + 1])
          .filter((value) => value !== null && value !== undefined);
        const more = typeof values[0] === 'string' ? WIDE_TEXTS : [];
        await fc.assert(
          fc.asyncProperty(arbitrarySet(type, [...values, ...more]), async (set) => {
            const constraints = { summary: { [column]: set } };
            const { rows } = await readTable(connector, database, { table: 'sample', columns: ['id'], constraints });
            const expected = sample.rows
              .filter((row) => valueSetContains(set, row[index + 1] ?? null))
              .map(([id]) => id);
            const found = rows.map(([id]) => id).sort((a, b) => Number(a) - Number(b));
            assert.deepEqual(
              found,
              expected,
              `${column}: ${JSON.stringify(set, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item))}`,
            );
          }),
          { numRuns: 25 },
        );
      }
    });

    test('an index of the column finds text by equality, whatever its collation', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run(
        'CREATE TABLE names (id int primary key, name varchar(50), key (name))',
        "INSERT INTO names SELECT seq, concat('name', seq) FROM (SELECT a.n + 10 * b.n + 100 * c.n AS seq FROM " +
          ['a', 'b', 'c']
            .map(
              (name) =>
                `(SELECT 0 n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) ${name}`,
            )
            .join(', ') +
          ') numbers',
        'ANALYZE TABLE names',
      );
      using connector = openConnector(database);
      const description = await connector.definition.describeTable(connector.context, {
        schemaName: database.name,
        tableName: 'names',
      });
      const schema = description?.schema;
      if (schema === undefined) throw new Error('no table');
      const type = schema.fields[1]?.type;
      if (type === undefined) throw new Error('no column');
      const request = {
        tableName: { schemaName: database.name, tableName: 'names' },
        schema,
        split: {},
        constraints: { ...NO_CONSTRAINTS, summary: { name: makeValues(type, ['name500', 'name7']) } },
      };
      const explained = await connector.definition.explain?.(connector.context, request);
      const text = explained?.nativeQuery ?? '';
      const values = text
        .split('?')
        .slice(0, -1)
        .map((_, index) => (index % 2 === 0 ? 'name500' : 'name7'));
      const [plan] = await database.admin.query(`EXPLAIN ${text}`.replaceAll('?', () => `'${values.shift() ?? ''}'`));
      assert.match(JSON.stringify(plan), /"type":"range".*"key":"name"/);
    });

    test('limit and top-N are taken over only where everything before them is', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run(
        'CREATE TABLE sorted (id int primary key, name varchar(20), large text)',
        "INSERT INTO sorted VALUES (1, 'b', 'x'), (2, 'B', 'y'), (3, NULL, 'z'), (4, 'a', NULL)",
      );
      using connector = openConnector(database);
      const read = async (direction: 'ASC_NULLS_FIRST' | 'ASC_NULLS_LAST' | 'DESC_NULLS_FIRST' | 'DESC_NULLS_LAST') => {
        const constraints = { orderByClause: [{ columnName: 'name', direction }], limit: 2 };
        const { rows } = await readTable(connector, database, { table: 'sorted', columns: ['id'], constraints });
        return rows.map(([id]) => id);
      };
      assert.deepEqual(await read('ASC_NULLS_FIRST'), [3, 2]);
      assert.deepEqual(await read('ASC_NULLS_LAST'), [2, 4]);
      assert.deepEqual(await read('DESC_NULLS_FIRST'), [3, 1]);
      assert.deepEqual(await read('DESC_NULLS_LAST'), [1, 4]);
      const unsorted = { orderByClause: [{ columnName: 'large', direction: 'ASC_NULLS_FIRST' as const }], limit: 1 };
      const { rows } = await readTable(connector, database, { table: 'sorted', constraints: unsorted });
      assert.equal(rows.length, 4);
    });
  });

test('names are quoted, values are bound, and a name that is no column of the table stays for the server to refuse', async (context) => {
  await using database = await openDatabase(context, 'mysql');
  if (database === undefined) return;
  await database.run('CREATE TABLE `odd ``name` (`select` int primary key, `Ünï"x` varchar(10))');
  using connector = openConnector(database);
  const tableName = { schemaName: database.name, tableName: 'odd `name' };
  const description = await connector.definition.describeTable(connector.context, tableName);
  assert.deepEqual(description?.schema.names, ['select', 'Ünï"x']);
  const facts = {
    tableName,
    columns: [],
    isView: false,
    engine: 'InnoDB',
    rowCount: 0,
    totalBytes: 0,
    key: undefined,
    partitions: [],
  };
  const answer = toQuery({
    facts,
    schema: description.schema,
    constraints: NO_CONSTRAINTS,
    split: WHOLE_TABLE,
    zeroDates: 'error',
  });
  assert.equal(answer.query.text, `SELECT \`select\`, \`Ünï"x\` FROM \`${database.name}\`.\`odd \`\`name\``);
  assert.equal(columnsByName(facts).get('select'), undefined);
});

test('a list longer than a statement may have: the rows are checked, or the filter is refused', async (context) => {
  await using database = await openDatabase(context, 'mariadb');
  if (database === undefined) return;
  await database.run(
    'CREATE TABLE listed (id int primary key, n int)',
    'INSERT INTO listed VALUES (1, 1), (2, 2), (3, 100000)',
  );
  using connector = openConnector(database);
  const even = (count: number) =>
    makeValues(
      new Int32(),
      Array.from({ length: count }, (_, index) => index * 2),
    );
  const read = (columns: readonly string[], count: number) =>
    readTable(connector, database, { table: 'listed', columns, constraints: { summary: { n: even(count) } } });
  assert.deepEqual((await read(['id'], 20_000)).rows, [[2]]);
  // as the SDK gets them, which checks them
  assert.deepEqual((await read(['id', 'n'], 30_000)).rows, [
    [1, 1],
    [2, 2],
  ]);
  await assert.rejects(read(['id'], 30_000), { code: 'NOT_SUPPORTED', message: /column "n" of .*listed has 30000/ });
});
