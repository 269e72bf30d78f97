import { ErganeError } from '@ergane/protocol';
import type { Listing } from '../catalog/show.ts';
import { parameterPlaces, parseStatement, printType } from '../sql/index.ts';
import type { CompiledQuery, Expression, Position, PreparedStatement, Query, TrinoType } from '../sql/index.ts';

/** The prepared statements of whoever calls, by name: a Map will do. */
export interface PreparedStatements {
  get(name: string): string | undefined | Promise<string | undefined>;
  set(name: string, text: string): unknown;
  delete(name: string): boolean | Promise<boolean>;
}

export interface PreparedContext<Result> {
  /** undefined: the caller keeps none */
  readonly prepared: PreparedStatements | undefined;
  readonly run: (text: string, parameters: readonly string[]) => Promise<Result>;
  readonly listed: (listing: Listing) => Result;
  readonly describe: (
    query: Query,
    values: {
      readonly parameters: readonly Expression[];
      readonly onParameter: (at: Position, type: TrinoType) => void;
    },
  ) => Promise<CompiledQuery>;
}

/** Keeps, runs, forgets or describes a prepared statement. Throws NOT_FOUND, NOT_SUPPORTED. */
export async function runPrepared<Result>(
  statement: PreparedStatement,
  context: PreparedContext<Result>,
): Promise<Result> {
  const done = () => context.listed({ columns: [], rows: [] });
  switch (statement.kind) {
    case 'prepare': {
      const { kind } = parseStatement(statement.text);
      if (['prepare', 'execute', 'execute immediate', 'deallocate'].includes(kind))
        throw new ErganeError('NOT_SUPPORTED', `Invalid statement type for prepared statement: ${kind.toUpperCase()}`);
      await required(context.prepared).set(statement.name, statement.text);
      return done();
    }
    case 'execute':
      return context.run(await find(statement.name, context.prepared), statement.parameters);
    case 'execute immediate':
      return context.run(statement.text, statement.parameters);
    case 'deallocate':
      if (!(await required(context.prepared).delete(statement.name))) throw notFound(statement.name);
      return done();
    case 'describe input':
      return context.listed(await describeInput(statement.name, context));
    case 'describe output':
      return context.listed(await describeOutput(statement.name, context));
  }
}

function required(prepared: PreparedStatements | undefined): PreparedStatements {
  if (prepared) return prepared;
  throw new ErganeError(
    'NOT_SUPPORTED',
    'prepared statements need a session that keeps them; EXECUTE IMMEDIATE needs none',
  );
}

async function find(name: string, prepared: PreparedStatements | undefined): Promise<string> {
  const text = await required(prepared).get(name);
  if (text === undefined) throw notFound(name);
  return text;
}

function notFound(name: string): ErganeError {
  return new ErganeError('NOT_FOUND', `Prepared statement not found: ${name}`);
}

interface Described {
  readonly compiled: CompiledQuery;
  readonly types: readonly (TrinoType | undefined)[];
}

/** A query is translated with NULL for each `?`: where it is used says what type it has. LIMIT and OFFSET need a number. */
async function describeQuery<Result>(name: string, context: PreparedContext<Result>): Promise<Described> {
  const statement = parseStatement(await find(name, context.prepared));
  const places = parameterPlaces(statement);
  const keyOf = ({ line, col }: Position) => `${line}:${col}`;
  if (statement.kind !== 'query')
    throw new ErganeError('NOT_SUPPORTED', 'DESCRIBE INPUT and OUTPUT are for prepared queries');
  const counts = new Set(countPlaces(statement.query).map(keyOf));
  const types = new Map<string, TrinoType>();
  const parameters = places.map<Expression>((at) =>
    counts.has(keyOf(at)) ? { kind: 'integer', at, text: '1' } : { kind: 'null', at },
  );
  const compiled = await context.describe(statement.query, {
    parameters,
    onParameter: (at, type) => {
      if (type.kind !== 'unknown' && !types.has(keyOf(at))) types.set(keyOf(at), type);
    },
  });
  const bigint: TrinoType = { kind: 'bigint' };
  return { compiled, types: places.map((at) => (counts.has(keyOf(at)) ? bigint : types.get(keyOf(at)))) };
}

/** Places of `?` in LIMIT, FETCH FIRST and OFFSET. */
function countPlaces(node: unknown): readonly Position[] {
  if (typeof node !== 'object' || node === null) return [];
  const counts = [
    ...('limit' in node ? parameterPlaces(node.limit) : []),
    ...('offset' in node ? parameterPlaces(node.offset) : []),
  ];
  return [...counts, ...Object.values(node).flatMap(countPlaces)];
}

const VARCHAR: TrinoType = { kind: 'varchar' };

async function describeInput<Result>(name: string, context: PreparedContext<Result>): Promise<Listing> {
  const { types } = await describeQuery(name, context);
  return {
    columns: [
      { name: 'Position', type: { kind: 'bigint' } },
      { name: 'Type', type: VARCHAR },
    ],
    rows: types.map((type, index) => [BigInt(index), type ? printType(type) : 'unknown']),
  };
}

/** Which table a column comes from is not told: those are empty, as Trino leaves them for computed columns. */
async function describeOutput<Result>(name: string, context: PreparedContext<Result>): Promise<Listing> {
  const { compiled } = await describeQuery(name, context);
  const texts = ['Column Name', 'Catalog', 'Schema', 'Table', 'Type'].map((title) => ({ name: title, type: VARCHAR }));
  return {
    columns: [
      ...texts,
      { name: 'Type Size', type: { kind: 'bigint' } },
      { name: 'Aliased', type: { kind: 'boolean' } },
    ],
    rows: compiled.columns.map(({ name: column, type }, index) => [
      column,
      '',
      '',
      '',
      printType(type),
      TYPE_SIZES[type.kind] ?? 0n,
      compiled.anonymous?.includes(index) !== true,
    ]),
  };
}

/** bytes of a value, 0 where they vary */
const TYPE_SIZES: Readonly<Partial<Record<TrinoType['kind'], bigint>>> = {
  boolean: 1n,
  tinyint: 1n,
  smallint: 2n,
  integer: 4n,
  bigint: 8n,
  real: 4n,
  double: 8n,
  date: 4n,
  decimal: 16n,
  timestamp: 8n,
};
