import { requireServer } from '@ergane/testing';
import pg from 'pg';

/** A database of its own on the test server, dropped when disposed. */
export interface TestDatabase extends AsyncDisposable {
  /** connection string of the superuser, without TLS */
  readonly url: string;
  run(sql: string, values?: readonly unknown[]): Promise<readonly (readonly unknown[])[]>;
}

export interface SkipContext {
  skip(message?: string): void;
}

let count = 0;

export async function openDatabase(context: SkipContext, options = ''): Promise<TestDatabase | undefined> {
  const server = requireServer(context, 'postgresql');
  if (server === undefined) return undefined;
  const name = `ergane_test_${process.pid}_${count++}`;
  const admin = new pg.Client({ connectionString: String(server) });
  await admin.connect();
  await admin.query(`create database ${name} ${options}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: String(url) });
  await client.connect();
  url.searchParams.set('sslmode', 'disable');
  return {
    url: String(url),
    async run(sql, values = []) {
      return (await client.query({ text: sql, values: [...values], rowMode: 'array' })).rows;
    },
    async [Symbol.asyncDispose]() {
      await client.end();
      await admin.query(`drop database ${name} with (force)`);
      await admin.end();
    },
  };
}
