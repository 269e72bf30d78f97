import fc from 'fast-check';
import { LITERALS } from './values.ts';

export interface TypedName {
  readonly name: string;
  /** of its Trino type */
  readonly kind: string;
}

const OPERATORS = ['=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM'];
const PATTERNS = ["'a%'", "'%b'", "'%a%'", "'_'", "'a\\_%' ESCAPE '\\'", "'%'", "''", "'A%'", "'ä%'", "'a%b'", "'\\'"];

function simple({ name, kind }: TypedName): fc.Arbitrary<string> {
  const literal = fc.constantFrom(...(LITERALS[kind] ?? ['NULL']));
  const list = fc.array(literal, { minLength: 1, maxLength: 4 });
  const common = [
    fc.constantFrom(`${name} IS NULL`, `${name} IS NOT NULL`),
    fc.tuple(fc.constantFrom(...OPERATORS), literal).map(([operator, value]) => `${name} ${operator} ${value}`),
    fc.tuple(fc.constantFrom(...OPERATORS), literal).map(([operator, value]) => `${name} ${operator} ${value}`),
    fc
      .tuple(fc.constantFrom(...OPERATORS.slice(0, 6)), literal)
      .map(([operator, value]) => `${value} ${operator} ${name}`),
    fc.tuple(literal, literal).map(([low, high]) => `${name} BETWEEN ${low} AND ${high}`),
    fc.tuple(list, fc.constantFrom('IN', 'NOT IN')).map(([values, word]) => `${name} ${word} (${values.join(', ')})`),
  ];
  if (kind === 'varchar')
    common.push(
      fc
        .tuple(fc.constantFrom(...PATTERNS), fc.constantFrom('LIKE', 'NOT LIKE'))
        .map(([pattern, word]) => `${name} ${word} ${pattern}`),
    );
  if (kind === 'boolean') common.push(fc.constant(name));
  return fc.oneof(...common);
}

/** Predicates over the columns, of any depth. */
function arbitraryPredicate(columns: readonly TypedName[]): fc.Arbitrary<string> {
  const one = fc.constantFrom(...columns).chain(simple);
  const pairs = columns.flatMap((a) =>
    columns.filter((b) => b !== a && b.kind === a.kind).map((b) => `${a.name} < ${b.name}`),
  );
  const leaf =
    pairs.length === 0
      ? one
      : fc.oneof({ weight: 12, arbitrary: one }, { weight: 1, arbitrary: fc.constantFrom(...pairs) });
  return fc.letrec<{ predicate: string }>((tie) => ({
    predicate: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      leaf,
      fc.tuple(tie('predicate'), tie('predicate')).map(([a, b]) => `(${a} AND ${b})`),
      fc.tuple(tie('predicate'), tie('predicate')).map(([a, b]) => `(${a} OR ${b})`),
      tie('predicate').map((a) => `NOT (${a})`),
    ),
  })).predicate;
}

/** A statement, and the one without a limit whose rows its own must be among, where it may choose. */
export interface Statement {
  readonly sql: string;
  readonly whole?: string;
  readonly limit?: number;
}

/** Filters, projections, limits, top-N and joins of a table with itself. Every order ends with the key, so that it is one only. */
export function arbitraryStatement(table: string, columns: readonly TypedName[]): fc.Arbitrary<Statement> {
  const predicate = arbitraryPredicate(columns);
  const names = columns.map(({ name }) => name);
  const column = fc.constantFrom(...names);
  const limit = fc.integer({ min: 1, max: 9 });
  const order = fc
    .tuple(column, fc.constantFrom('ASC', 'DESC'), fc.constantFrom('', ' NULLS FIRST', ' NULLS LAST'))
    .map((parts) => `${parts[0]} ${parts[1]}${parts[2]}, id`);
  const where = fc.option(predicate, { freq: 4 }).map((text) => (text === null ? '' : ` WHERE ${text}`));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: predicate.map((text): Statement => ({
        sql: `SELECT id, ${names.join(', ')} FROM ${table} WHERE ${text}`,
      })),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.subarray(names), predicate).map(([some, text]): Statement => ({
        sql: `SELECT ${['id', ...some].join(', ')} FROM ${table} WHERE ${text}`,
      })),
    },
    {
      weight: 1,
      arbitrary: predicate.map((text): Statement => ({ sql: `SELECT count(*) FROM ${table} WHERE ${text}` })),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(where, limit).map(([text, count]): Statement => {
        const whole = `SELECT id, ${names[0] ?? 'id'} FROM ${table}${text}`;
        return { sql: `${whole} LIMIT ${count}`, whole, limit: count };
      }),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(where, order, limit, fc.integer({ min: 0, max: 3 }))
        .map(([text, by, count, offset]): Statement => ({
          sql: `SELECT id FROM ${table}${text} ORDER BY ${by} OFFSET ${offset} LIMIT ${count}`,
        })),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(column, predicate, fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN'))
        .map(([key, text, join]): Statement => ({
          sql: `SELECT a.id, b.id FROM ${table} a ${join} (SELECT * FROM ${table} WHERE ${text}) b ON a.${key} = b.${key}`,
        })),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(column, predicate, fc.constantFrom('IN', 'NOT IN')).map(([key, text, word]): Statement => ({
        sql: `SELECT id FROM ${table} WHERE ${key} ${word} (SELECT ${key} FROM ${table} WHERE ${text})`,
      })),
    },
  );
}
