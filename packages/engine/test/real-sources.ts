import type { TestContext } from 'node:test';
import { connector as mysqlConnector } from '@ergane/connector-mysql';
import { connector as postgresqlConnector } from '@ergane/connector-postgresql';
import { inProcessInvoker } from '@ergane/sdk/in-process';
import { requireServer } from '@ergane/testing';
import { createConnection } from 'mysql2/promise';
import pg from 'pg';
import type { EngineOptions, EngineParts } from '../src/engine.ts';
import { makeTestParts, makeTestPlace } from './test-engine.ts';

export const REAL_SOURCES = ['postgresql', 'mysql', 'mariadb'] as const;
export type RealSource = (typeof REAL_SOURCES)[number];

/** A schema of its own on a real server, and an engine that reads it as catalog `c` through the function `fake`. */
export interface TestSource extends AsyncDisposable {
  readonly schema: string;
  readonly parts: EngineParts;
  /** runs native statements */
  run(...statements: readonly string[]): Promise<void>;
}

let made = 0;

/** Undefined: the server is not there, and the test is skipped. */
export async function openSource(
  context: TestContext,
  source: RealSource,
  options: Partial<EngineOptions> = {},
): Promise<TestSource | undefined> {
  const server = requireServer(context, source);
  if (server === undefined) return undefined;
  const schema = `ergane_engine_${process.pid}_${made++}`;
  const database = source === 'postgresql' ? await openPostgresql(server, schema) : await openMysql(server, schema);
  const place = await makeTestPlace();
  const environment = { default: database.url, ergane_spill_store: `file://${place.folder}/spill` };
  const connector = source === 'postgresql' ? postgresqlConnector : mysqlConnector;
  const parts = makeTestParts(
    place,
    inProcessInvoker({ fake: { connector, environment, onLog: () => undefined } }),
    options,
  );
  return {
    schema,
    parts,
    run: database.run,
    async [Symbol.asyncDispose]() {
      await parts[Symbol.asyncDispose]();
      await database.drop();
      await place[Symbol.asyncDispose]();
    },
  };
}

interface OwnDatabase {
  readonly url: string;
  run(...statements: readonly string[]): Promise<void>;
  drop(): Promise<void>;
}

async function openPostgresql(server: URL, schema: string): Promise<OwnDatabase> {
  const client = new pg.Client({ connectionString: String(server) });
  await client.connect();
  const url = new URL(server);
  url.searchParams.set('sslmode', 'disable');
  const run = async (...statements: readonly string[]) => {
    for (const statement of statements) await client.query(statement);
  };
  await run(`create schema ${schema}`, `set search_path = ${schema}`);
  return {
    url: String(url),
    run,
    async drop() {
      await run(`drop schema ${schema} cascade`);
      await client.end();
    },
  };
}

async function openMysql(server: URL, schema: string): Promise<OwnDatabase> {
  const { hostname: host, port, username: user, password } = server;
  const connection = await createConnection({ host, port: Number(port), user, password, charset: 'utf8mb4' });
  const run = async (...statements: readonly string[]) => {
    for (const statement of statements) await connection.query(statement);
  };
  await run(`CREATE DATABASE ${schema} CHARACTER SET utf8mb4`, `USE ${schema}`, "SET time_zone = '+00:00'");
  return {
    url: String(server),
    run,
    async drop() {
      await run(`DROP DATABASE ${schema}`);
      await connection.end();
    },
  };
}
