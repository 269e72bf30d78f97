import { bundleConnectorForTests, requireServer } from '@ergane/testing';
import type { ServerName } from '@ergane/testing';
import { createConnection } from 'mysql2/promise';
import type { TestContext } from 'node:test';
import pg from 'pg';
import type { CatalogConfig } from '../../src/config/config.ts';

export const SQL_SERVERS = ['postgresql', 'mysql', 'mariadb'] as const satisfies readonly ServerName[];
export type SqlServer = (typeof SQL_SERVERS)[number];

/** A database of one test on a real server, filled by the server's usual client. */
export interface SqlSource extends AsyncDisposable {
  /** of its tables, in Ergane */
  readonly schema: string;
  readonly url: URL;
  /** the connector over it, in processes of their own */
  readonly catalog: CatalogConfig & {
    readonly command: readonly string[];
    readonly env: Readonly<Record<string, string>>;
  };
  run(...statements: readonly string[]): Promise<void>;
  /** sessions of others in this database */
  connections(): Promise<number>;
  /**
   * Makes the view `held` of table `big`, whose scan waits at its 20,000th row until it is released. Rows are (id, text), 30,000 of 1 KB.
   */
  makeHeldView(): Promise<HeldView>;
}

export interface HeldView {
  /** how many scans wait */
  waiting(): Promise<number>;
  release(): Promise<void>;
}

/** What differs between the servers. */
interface Client {
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  end(): Promise<void>;
}

let made = 0;

export interface SqlSourceOptions {
  /** another server than the shared one */
  readonly at?: URL;
  /** of the statement that creates the database */
  readonly createOptions?: string | undefined;
}

/** Undefined: the server is not there, and the test is skipped. */
export async function openSqlSource(
  context: Pick<TestContext, 'skip'>,
  server: SqlServer,
  { at, createOptions }: SqlSourceOptions = {},
): Promise<SqlSource | undefined> {
  const shared = at ?? requireServer(context, server);
  if (shared === undefined) return undefined;
  const name = `ergane_faults_${process.pid}_${made++}`;
  const admin = await connect(server, shared);
  const usual = server === 'postgresql' ? '' : 'character set utf8mb4';
  await admin.query(`create database ${name} ${createOptions ?? usual}`);
  const url = new URL(shared);
  url.pathname = `/${name}`;
  const client = await connect(server, url);
  const own = new URL(url);
  if (server === 'postgresql') own.searchParams.set('sslmode', 'disable');
  const bundle = await bundleConnectorForTests(server === 'mariadb' ? 'mysql' : server);
  return {
    schema: server === 'postgresql' ? 'public' : name,
    url: own,
    catalog: { command: [process.execPath, bundle], env: { default: String(own) } },
    async run(...statements) {
      for (const statement of statements) await client.query(statement);
    },
    connections: async () =>
      numberOf(
        await admin.query(
          server === 'postgresql'
            ? `select count(*)::int - 1 as n from pg_stat_activity where datname = '${name}'`
            : `select count(*) - 1 as n from information_schema.processlist where db = '${name}'`,
        ),
      ),
    makeHeldView: () => (server === 'postgresql' ? holdPostgresql(client) : holdMysql(client, name)),
    async [Symbol.asyncDispose]() {
      await client.end().catch(() => undefined);
      await dropDatabase({ server, admin, name }).catch((error: unknown) => {
        // a server that the test killed has nothing to drop
        if (at === undefined) throw error;
      });
      await admin.end().catch(() => undefined);
    },
  };
}

async function connect(server: SqlServer, url: URL): Promise<Client> {
  if (server === 'postgresql') {
    const client = new pg.Client({ connectionString: String(url) });
    // a server that is killed ends it
    client.on('error', () => undefined);
    await client.connect();
    return {
      query: async (sql) => (await client.query<Record<string, unknown>>(sql)).rows,
      end: () => client.end(),
    };
  }
  const connection = await createConnection({
    host: url.hostname,
    port: Number(url.port),
    user: url.username,
    password: url.password,
    charset: 'utf8mb4',
    ...(url.pathname.length > 1 && { database: url.pathname.slice(1) }),
  });
  connection.on('error', () => undefined);
  return {
    async query(sql) {
      const [rows] = await connection.query(sql);
      return Array.isArray(rows) ? rows.map((row) => ({ ...row })) : [];
    },
    end: () => connection.end(),
  };
}

async function dropDatabase(database: { server: SqlServer; admin: Client; name: string }): Promise<void> {
  const { server, admin, name } = database;
  await admin.query(server === 'postgresql' ? `drop database ${name} with (force)` : `drop database ${name}`);
}

const numberOf = (rows: readonly Readonly<Record<string, unknown>>[]): number => Number(rows[0]?.['n']);

async function holdPostgresql(client: Client): Promise<HeldView> {
  await client.query(`create table big as select i as id, repeat('x', 1000) as text from generate_series(1, 30000) i`);
  await client.query(
    `create view held as select id, text from big where case when id = 20000 then pg_advisory_lock_shared(7)::text = '' else true end`,
  );
  await client.query('select pg_advisory_lock(7)');
  return {
    waiting: async () =>
      numberOf(
        await client.query(
          `select count(*)::int as n from pg_stat_activity where wait_event = 'advisory' and datname = current_database()`,
        ),
      ),
    release: async () => void (await client.query('select pg_advisory_unlock(7)')),
  };
}

async function holdMysql(client: Client, name: string): Promise<HeldView> {
  const digits =
    '(select 0 as n union select 1 union select 2 union select 3 union select 4 union select 5 union select 6 union select 7 union select 8 union select 9)';
  await client.query('create table big (id int primary key, text varchar(1000))');
  await client.query(
    `insert into big select 1 + a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n, repeat('x', 1000)
     from ${digits} a, ${digits} b, ${digits} c, ${digits} d, ${digits} e where e.n < 3`,
  );
  await client.query(
    `create view held as select id, text from big where case when id = 20000 then get_lock('${name}', 3600) = 1 else true end`,
  );
  await client.query(`select get_lock('${name}', 0)`);
  return {
    waiting: async () =>
      numberOf(
        await client.query(
          `select count(*) as n from information_schema.processlist where db = '${name}' and state = 'User lock'`,
        ),
      ),
    release: async () => void (await client.query(`select release_lock('${name}')`)),
  };
}
