import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { ErganeError } from '@ergane/protocol';
import { printValue } from '../../src/result/print-value.ts';
import { readResultValue } from '../../src/result/read-value.ts';
import { compileQuery, parseStatement, prepareDuckdb, printType, translateDuckdbError } from '../../src/sql/index.ts';
import type { TableResolver } from '../../src/sql/index.ts';
import type { CorpusCase } from './corpus-case.ts';
import { corpusTables } from './corpus-tables.ts';

export type Outcome =
  | { readonly kind: 'pass' }
  /** an error where Trino gives rows */
  | { readonly kind: 'error'; readonly detail: string }
  /** rows where Trino gives others, or gives an error: worse than an error */
  | { readonly kind: 'wrong'; readonly detail: string };

/** Runs cases of the corpus in one DuckDB instance. */
export class CaseRunner {
  readonly #folder: string;
  readonly #connection: DuckDBConnection;
  readonly #tables = new Map<string, TableResolver>();

  private constructor(folder: string, connection: DuckDBConnection) {
    this.#folder = folder;
    this.#connection = connection;
  }

  static async open(folder: string): Promise<CaseRunner> {
    const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
    await prepareDuckdb(connection);
    return new CaseRunner(folder, connection);
  }

  close(): void {
    this.#connection.closeSync();
  }

  async run(test: CorpusCase): Promise<Outcome> {
    try {
      const answer = await this.answer(test);
      if (test.error)
        return {
          kind: 'wrong',
          detail: `expected ${test.error.name}, got ${JSON.stringify(answer.rows).slice(0, 200)}`,
        };
      return compare(test, answer);
    } catch (error) {
      const { code, message } = error instanceof ErganeError ? error : translateDuckdbError(error);
      if (!test.error) return { kind: 'error', detail: `${code}: ${message}` };
      // an error of ours that says "not supported" where Trino refuses too is still an error, as the corpus asks
      return code === 'INTERNAL'
        ? { kind: 'error', detail: `expected ${test.error.name}, got ${code}: ${message}` }
        : { kind: 'pass' };
    }
  }

  async answer(test: CorpusCase) {
    const statement = parseStatement(test.sql);
    if (statement.kind !== 'query') throw new ErganeError('NOT_SUPPORTED', `the statement is ${statement.kind}`);
    const compiled = await compileQuery(statement.query, { resolver: this.#resolver(test.data), session: {} });
    const types = compiled.columns.map((column) => column.type);
    const rows: (string | null)[][] = [];
    try {
      const result = await this.#connection.stream(compiled.duckdbSql);
      for await (const batch of result.yieldRows()) {
        for (const row of batch) rows.push(row.map((value, index) => cell(value, types[index])));
      }
    } catch (error) {
      throw translateDuckdbError(error);
    }
    return {
      rows,
      types: types.map(printType),
      names: compiled.columns.map((column) => column.name),
      sql: compiled.duckdbSql,
    };
  }

  #resolver(data: CorpusCase['data']): TableResolver {
    if (!data) {
      return {
        resolveTable: ({ table }) =>
          Promise.reject(new ErganeError('TABLE_NOT_FOUND', `Table '${table}' does not exist`)),
      };
    }
    let tables = this.#tables.get(data);
    if (!tables) this.#tables.set(data, (tables = corpusTables(this.#folder, data)));
    return tables;
  }
}

function cell(value: Parameters<typeof readResultValue>[0], type: Parameters<typeof readResultValue>[1] | undefined) {
  if (!type) throw new Error('a column more than was compiled');
  return printValue(readResultValue(value, type), type);
}

interface Answer {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly types: readonly string[];
  readonly names: readonly string[];
}

function compare(test: CorpusCase, answer: Answer): Outcome {
  const wrong = (what: string, expected: unknown, got: unknown): Outcome => ({
    kind: 'wrong',
    detail: `${what}: expected ${JSON.stringify(expected)?.slice(0, 300)}, got ${JSON.stringify(got)?.slice(0, 300)}`,
  });
  const expectedTypes = test.types ?? [];
  if (JSON.stringify(expectedTypes) !== JSON.stringify(answer.types))
    return wrong('types', expectedTypes, answer.types);
  const expected = (test.rows ?? []).map((row) => row.map((value) => normal(value, test)));
  const got = answer.rows.map((row) => row.map((value) => normal(value, test)));
  if (expected.length !== got.length) return wrong('row count', expected, got);
  const same = test.ordered ? equalRows(expected, got, test) : equalRows(sorted(expected), sorted(got), test);
  if (!same) return wrong('rows', expected, got);
  if (JSON.stringify(test.names ?? []) !== JSON.stringify(answer.names))
    return wrong('names', test.names, answer.names);
  return { kind: 'pass' };
}

function normal(value: string | null, test: CorpusCase): string | null {
  if (value === null) return null;
  const text = test.trimEnd ? value.trimEnd() : value;
  const list = test.anyOrder && text.startsWith('[') ? /^\[(.*)\]$/s.exec(text) : undefined;
  if (test.types?.some((type) => type.includes('map(') && !type.includes('row('))) return sortMaps(text);
  const map = /^\{(.*)\}$/s.exec(text);
  if (list) return `[${(list[1] ?? '').split(', ').sort().join(', ')}]`;
  return map && text.includes('=') ? `{${(map[1] ?? '').split(', ').sort().join(', ')}}` : text;
}

/** The entries of every map, also of those in arrays and maps, in one order. */
function sortMaps(text: string): string {
  const inner = /\{([^{}]*)\}/g;
  return inner.test(text)
    ? sortMaps(text.replaceAll(inner, (_match, entries: string) => `<${entries.split(', ').sort().join(', ')}>`))
    : text;
}

const sorted = (rows: readonly (readonly (string | null)[])[]) =>
  rows
    .map((row) => ({ row, key: JSON.stringify(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);

function equalRows(
  a: readonly (readonly (string | null)[])[],
  b: readonly (readonly (string | null)[])[],
  test: CorpusCase,
): boolean {
  return a.every((row, index) =>
    row.every((value, column) => equalCell(value, b[index]?.[column] ?? null, test.tolerance)),
  );
}

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g;

function equalCell(a: string | null, b: string | null, tolerance: number | undefined): boolean {
  if (a === b) return true;
  if (a === null || b === null || tolerance === undefined) return false;
  const [x, y] = [a.match(NUMBER) ?? [], b.match(NUMBER) ?? []];
  if (x.length === 0 || x.length !== y.length || a.replaceAll(NUMBER, '#') !== b.replaceAll(NUMBER, '#')) return false;
  return x.every((text, index) => {
    const [left, right] = [Number(text), Number(y[index])];
    return Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right), 1e-12);
  });
}
