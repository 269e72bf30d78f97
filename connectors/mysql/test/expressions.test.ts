import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { batchOfValues, compareValues, valueSchema } from '@ergane/protocol';
import type {
  ConstantExpression,
  FederationExpression,
  FunctionCallExpression,
  Value,
  VariableExpression,
} from '@ergane/protocol';
import { Bool, Field, List, Utf8 } from 'apache-arrow';
import type { DataType } from 'apache-arrow';
import fc from 'fast-check';
import { columnsByName } from '../src/column-names.ts';
import { expressionCondition, PUSHED_FUNCTIONS } from '../src/expression-sql.ts';
import type { TableFacts } from '../src/table-facts.ts';
import { makeField } from '../src/types.ts';
import type { SourceColumn } from '../src/types.ts';
import { openConnector, readTable } from './test-reading.ts';
import { openDatabase, SERVERS } from './test-servers.ts';

/** What a row answers to a condition; null is SQL's unknown. */
type Truth = boolean | null;
type Row = ReadonlyMap<string, Value | null>;

interface Sample {
  readonly expression: FederationExpression;
  /** the condition by SQL's three-valued logic over the engine's own comparison */
  evaluate(row: Row): Truth;
}

const TEXTS = ['a', 'A', 'a ', 'ab', 'é', '😀', '', 'a%', 'a_', 'a\\%', '%', 'a|', '|%'];

function call(functionName: string, ...operands: readonly FederationExpression[]): FunctionCallExpression {
  return { kind: 'FunctionCallExpression', type: new Bool(), functionName, arguments: operands };
}

function constant(type: DataType, ...values: readonly (Value | null)[]): ConstantExpression {
  const schema = valueSchema(type);
  return { kind: 'ConstantExpression', type, valueBlock: { schema, batch: batchOfValues(schema, values) } };
}

function variable({ name, type }: Field): VariableExpression {
  return { kind: 'VariableExpression', columnName: name, type };
}

const COMPARED: Readonly<Record<string, (order: number) => boolean>> = {
  $equal: (order) => order === 0,
  $not_equal: (order) => order !== 0,
  $less_than: (order) => order < 0,
  $less_than_or_equal: (order) => order <= 0,
  $greater_than: (order) => order > 0,
  $greater_than_or_equal: (order) => order >= 0,
};

function arbitraryCondition(fields: readonly Field[], rows: readonly Row[]): fc.Arbitrary<Sample> {
  const leaf = fc.constantFrom(...fields).chain((field) => arbitraryLeaf(field, rows));
  const { condition } = fc.letrec<{ condition: Sample }>((tie) => ({
    condition: fc.oneof(
      { maxDepth: 3 },
      leaf,
      tie('condition').map(negate),
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => combine('$and', parts)),
      fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((parts) => combine('$or', parts)),
    ),
  }));
  return condition;
}

function negate({ expression, evaluate }: Sample): Sample {
  return {
    expression: call('$not', expression),
    evaluate(row) {
      const found = evaluate(row);
      return found === null ? null : !found;
    },
  };
}

function combine(name: '$and' | '$or', parts: readonly Sample[]): Sample {
  const deciding = name === '$or';
  return {
    expression: call(name, ...parts.map(({ expression }) => expression)),
    evaluate(row) {
      const found = parts.map((part) => part.evaluate(row));
      if (found.includes(deciding)) return deciding;
      return found.includes(null) ? null : !deciding;
    },
  };
}

function arbitraryLeaf(field: Field, rows: readonly Row[]): fc.Arbitrary<Sample> {
  const { name, type } = field;
  const values = rows.map((row) => row.get(name) ?? null);
  const value = fc.constantFrom<Value | null>(...values, ...(type instanceof Utf8 ? TEXTS : []));
  const compare = (left: Value | null, right: Value | null): number | null =>
    left === null || right === null ? null : compareValues(type, left, right);
  const comparison = fc.tuple(fc.constantFrom(...Object.keys(COMPARED)), value).map(([operator, right]): Sample => ({
    expression: call(operator, variable(field), constant(type, right)),
    evaluate(row) {
      const order = compare(row.get(name) ?? null, right);
      return order === null ? null : (COMPARED[operator]?.(order) ?? null);
    },
  }));
  const distinct = value.map((right): Sample => ({
    expression: call('$is_distinct_from', variable(field), constant(type, right)),
    evaluate(row) {
      const left = row.get(name) ?? null;
      return left === null || right === null ? left !== right : compare(left, right) !== 0;
    },
  }));
  const list = fc.array(value, { minLength: 1, maxLength: 4 }).map((items): Sample => ({
    expression: call('$in', variable(field), {
      ...call('$array', ...items.map((item) => constant(type, item))),
      type: new List(new Field('', type, true)),
    }),
    evaluate(row) {
      const left = row.get(name) ?? null;
      if (left === null) return null;
      if (items.some((item) => compare(left, item) === 0)) return true;
      return items.includes(null) ? null : false;
    },
  }));
  const isNull: Sample = {
    expression: call('$is_null', variable(field)),
    evaluate: (row) => (row.get(name) ?? null) === null,
  };
  const options = [comparison, distinct, list, fc.constant(isNull)];
  return fc.oneof(...options, ...(type instanceof Utf8 ? [arbitraryLike(field)] : []));
}

function arbitraryLike(field: Field): fc.Arbitrary<Sample> {
  const part = fc.constantFrom('%', '_', ...TEXTS);
  return fc.array(part, { maxLength: 3 }).map((parts): Sample => {
    const pattern = parts.join('');
    const source = [...pattern].map((character) =>
      character === '%' ? '.*' : character === '_' ? '.' : character.replace(/[\\^$.*+?()[\]{}|/]/, String.raw`\$&`),
    );
    const expression = new RegExp(`^${source.join('')}$`, 'su');
    return {
      expression: call('$like_pattern', variable(field), constant(new Utf8(), pattern)),
      evaluate(row) {
        const text = row.get(field.name) ?? null;
        return text === null ? null : expression.test(String(text));
      },
    };
  });
}

for (const server of SERVERS)
  suite(`expressions in ${server}`, () => {
    test('conditions hold for the rows for which they hold in the engine', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      const literals = TEXTS.map((text) => `_utf8mb4 x'${Buffer.from(text).toString('hex')}'`);
      await database.run(
        `CREATE TABLE sample (id int primary key, n int, big bigint unsigned, price decimal(10,2), x double, flag bit(1), day date,
          micro datetime(6), t varchar(10), latin varchar(10) character set latin1, kind enum('a','b'), bytes varbinary(4), y year)`,
        'INSERT INTO sample (id) VALUES (0)',
        ...literals.map((literal, index) => {
          const latin = TEXTS[index] === '😀' ? "'x'" : literal;
          return `INSERT INTO sample VALUES (${index + 1}, ${index - 3}, 18446744073709551615 - ${index}, ${index}.25, ${index} / 7, ${index % 2},
            '2020-01-01' + INTERVAL ${index} DAY, '1969-12-31 23:59:59.999' + INTERVAL ${index * 250} MICROSECOND, ${literal}, ${latin},
            ${index % 2 === 0 ? "'a'" : "'b'"}, UNHEX(HEX(${index * 30})), ${2000 + index})`;
        }),
      );
      using connector = openConnector(database);
      const all = await readTable(connector, database, { table: 'sample' });
      const description = await connector.definition.describeTable(connector.context, {
        schemaName: database.name,
        tableName: 'sample',
      });
      const fields = description?.schema.fields.slice(1) ?? [];
      const rows = all.rows.map((row): Row => new Map(all.columns.map((name, index) => [name, row[index] ?? null])));
      await fc.assert(
        fc.asyncProperty(arbitraryCondition(fields, rows), async ({ expression, evaluate }) => {
          const found = await readTable(connector, database, {
            table: 'sample',
            columns: ['id'],
            constraints: { expression: [expression] },
          });
          const expected = rows.filter((row) => evaluate(row) === true).map((row) => row.get('id'));
          assert.deepEqual(
            found.rows.map(([id]) => id),
            expected,
          );
        }),
        { numRuns: 200 },
      );
    });
  });

test('what is not declared is not taken: arithmetic, functions, columns that do not compare', () => {
  const column = (name: string, dataType: string): SourceColumn => ({
    name,
    dataType,
    columnType: dataType,
    isNullable: true,
    charset: 'utf8mb4',
    collation: 'utf8mb4_bin',
    length: 10,
    precision: 10,
    scale: 0,
    fractionDigits: 0,
  });
  const facts: Pick<TableFacts, 'columns'> = { columns: [column('n', 'int'), column('t', 'varchar')] };
  const columns = columnsByName(facts);
  const [n, t] = facts.columns.map(makeField);
  assert.ok(n !== undefined && t !== undefined);
  const sum = call('$add', variable(n), constant(n.type, 1));
  assert.equal(expressionCondition(call('$equal', sum, constant(n.type, 1)), columns), undefined);
  assert.equal(expressionCondition(call('$equal', variable(n), variable(t)), columns), undefined);
  assert.equal(expressionCondition(call('$starts_with', variable(t), constant(t.type, 'a')), columns), undefined);
  assert.ok(!PUSHED_FUNCTIONS.includes('$add'));
});
