import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { ErganeError } from '@ergane/protocol';
import type { ErrorCode } from '@ergane/protocol';
import { printValue } from '../../src/result/print-value.ts';
import { readResultValue } from '../../src/result/read-value.ts';
import { compileQuery, parseStatement, prepareDuckdb, printType, translateDuckdbError } from '../../src/sql/index.ts';
import type { TableResolver } from '../../src/sql/index.ts';
import type { CorpusCase } from './corpus-case.ts';
import { compareAnswer } from './compare-answer.ts';
import type { Outcome } from './compare-answer.ts';
import { differentName, hasTrinoName } from './error-names.ts';
import { corpusTables } from './corpus-tables.ts';

function nameOf(test: CorpusCase, code: ErrorCode) {
  const different = differentName(test, code);
  return { isTrinos: hasTrinoName(test, code), ...(different !== undefined && { different }) };
}

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
      return compareAnswer(test, answer);
    } catch (error) {
      const { code, message } = error instanceof ErganeError ? error : translateDuckdbError(error);
      if (!test.error) return { kind: 'error', detail: `${code}: ${message}` };
      // an error of ours that says "not supported" where Trino refuses too is still an error, as the corpus asks
      return code === 'INTERNAL'
        ? { kind: 'error', detail: `expected ${test.error.name}, got ${code}: ${message}` }
        : { kind: 'pass', error: nameOf(test, code) };
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
