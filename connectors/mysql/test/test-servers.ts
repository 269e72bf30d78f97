import type { TestContext } from 'node:test';
import { requireServer } from '@ergane/testing';
import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';

/** Every test runs against both: they differ in types, collations, EXPLAIN and statistics. */
export const SERVERS = ['mysql', 'mariadb'] as const;
export type Server = (typeof SERVERS)[number];

/** A database of its own on a real server, with another client to fill it. */
export interface TestDatabase extends AsyncDisposable {
  readonly server: Server;
  readonly url: URL;
  readonly name: string;
  readonly admin: Connection;
  run(...statements: readonly string[]): Promise<void>;
}

let made = 0;

/** Undefined: the server is not there, and the test is skipped. */
export async function openDatabase(context: TestContext, server: Server): Promise<TestDatabase | undefined> {
  const url = requireServer(context, server);
  if (url === undefined) return undefined;
  const name = `ergane_mysql_${process.pid}_${made++}`;
  const admin = await createConnection({
    host: url.hostname,
    port: Number(url.port),
    user: url.username,
    password: url.password,
    charset: 'utf8mb4',
    multipleStatements: true,
  });
  await admin.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4; USE ${name}; SET time_zone = '+00:00'`);
  return {
    server,
    url,
    name,
    admin,
    async run(...statements) {
      for (const statement of statements) await admin.query(statement);
    },
    async [Symbol.asyncDispose]() {
      await admin.query(`DROP DATABASE ${name}`);
      await admin.end();
    },
  };
}
