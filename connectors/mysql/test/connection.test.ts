import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { NO_CONSTRAINTS } from '@ergane/protocol';
import { makeTemporaryFolder } from '@ergane/testing';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openConnector, readTable, rowsOf } from './test-reading.ts';
import type { TestSettings } from './test-reading.ts';
import { openDatabase, SERVERS } from './test-servers.ts';
import type { Server, TestDatabase } from './test-servers.ts';

const CA = {
  mysql: process.env['ERGANE_TEST_MYSQL_CA'],
  mariadb: process.env['ERGANE_TEST_MARIADB_CA'],
} as const satisfies Record<Server, string | undefined>;

/** The rows of a native query. */
async function readNative(
  database: TestDatabase,
  settings: TestSettings,
  QUERY: string,
): Promise<readonly (readonly unknown[])[]> {
  using connector = openConnector(database, settings);
  const { definition, context } = connector;
  const queryPassthroughArguments = { QUERY };
  const schema = await definition.passthrough?.describe(context, queryPassthroughArguments);
  assert.ok(schema);
  const constraints = { ...NO_CONSTRAINTS, queryPassthroughArguments };
  const tableName = { schemaName: 'system', tableName: 'query' };
  const rows: (readonly unknown[])[] = [];
  for await (const { batch } of definition.read(context, { tableName, schema, split: {}, constraints }))
    rows.push(...rowsOf(batch));
  return rows;
}

/** Logs in and asks whether the session is encrypted. */
async function isEncrypted(database: TestDatabase, settings: TestSettings): Promise<boolean> {
  const [row] = await readNative(database, settings, "SHOW STATUS LIKE 'Ssl_cipher'");
  return row?.[1] !== '';
}

function urlOf(
  { url }: TestDatabase,
  change: { readonly user?: string; readonly host?: string; readonly parameters?: string },
): string {
  const changed = new URL(url.toString());
  if (change.host !== undefined) changed.hostname = change.host;
  if (change.user !== undefined) changed.username = change.user;
  changed.search = change.parameters ?? '';
  return changed.toString();
}

for (const server of SERVERS)
  suite(`connections to ${server}`, () => {
    test('TLS as asked: off, wherever it can be had, and with the server verified by name and by address', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      assert.equal(await isEncrypted(database, {}), false);
      assert.equal(await isEncrypted(database, { parameters: 'sslMode=PREFERRED' }), true);
      assert.equal(await isEncrypted(database, { parameters: 'sslMode=REQUIRED' }), true);
      const ca = encodeURIComponent(CA[server] ?? '');
      for (const host of ['localhost', '127.0.0.1'])
        assert.equal(await isEncrypted(database, { url: urlOf(database, { host, parameters: `sslCa=${ca}` }) }), true);
    });

    test('a server that cannot be verified is refused, and a certificate that cannot be read is named', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      const untrusted = { code: 'SOURCE_UNREACHABLE', message: /TLS with .* failed .*sslCa .*default/ };
      await assert.rejects(isEncrypted(database, { parameters: 'sslMode=VERIFY_CA' }), untrusted);
      await using folder = await makeTemporaryFolder();
      const empty = path.join(folder.path, 'empty.pem');
      await writeFile(empty, '');
      await assert.rejects(isEncrypted(database, { parameters: `sslMode=VERIFY_IDENTITY&sslCa=${empty}` }), untrusted);
      const missing = { code: 'CONFIG_INVALID', message: /sslCa in the setting default .*no-such\.pem/ };
      await assert.rejects(isEncrypted(database, { parameters: 'sslCa=/no-such.pem' }), missing);
    });

    test('users of every authentication plug-in that the server has, and one of none that is known', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      const plugins: Readonly<Record<Server, readonly string[]>> = {
        mysql: ['caching_sha2_password', 'mysql_native_password', 'sha256_password'],
        mariadb: ['mysql_native_password'],
      };
      for (const [index, plugin] of plugins[server].entries()) {
        const user: string = `${database.name}_${index}`;
        const identified = server === 'mysql' ? `WITH ${plugin} BY 'p&w+d'` : "BY 'p&w+d'";
        await database.run(`CREATE USER ${user}@'%' IDENTIFIED ${identified}`, `GRANT SELECT ON test.* TO ${user}@'%'`);
        const url: string = urlOf(database, { user }).replace(`:${database.url.password}@`, ':p%26w+d@');
        // in clear the first login takes the server's key, later ones what the server remembers
        for (const parameters of ['', '', 'sslMode=REQUIRED'])
          assert.equal(await isEncrypted(database, { url: `${url}?${parameters}` }), parameters !== '', plugin);
        const wrong = url.replace('p%26w+d', 'wrong');
        await assert.rejects(isEncrypted(database, { url: wrong }), { code: 'SOURCE_ACCESS_DENIED' });
        await database.run(`ALTER USER ${user}@'%' REQUIRE SSL`);
        await assert.rejects(isEncrypted(database, { url }), { code: 'SOURCE_ACCESS_DENIED' });
        assert.equal(await isEncrypted(database, { url: `${url}?sslMode=REQUIRED` }), true);
        await database.run(`DROP USER ${user}@'%'`);
      }
    });

    test('a user without a grant is told what is missing', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      const user = `${database.name}_u`;
      await database.run(
        'CREATE TABLE secret_rows (id int primary key)',
        `CREATE USER ${user}@'%' IDENTIFIED BY '${database.url.password}'`,
        `GRANT SELECT ON test.* TO ${user}@'%'`,
      );
      const native = `SELECT * FROM ${database.name}.secret_rows`;
      using connector = openConnector(database, { url: urlOf(database, { user }) });
      const { definition } = connector;
      await assert.rejects(async () => definition.passthrough?.describe(connector.context, { QUERY: native }), {
        code: 'SOURCE_ACCESS_DENIED',
        message: /SELECT/,
      });
      await database.run(`DROP USER ${user}@'%'`);
    });

    test('names with quotes, spaces, reserved words and other scripts are read', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run(
        'CREATE TABLE `Größe "x" ``y``, 日本` (`select` int primary key, `a b` int, `x``y` int, `😀?` int, `"` int)'.replace(
          '😀',
          'é',
        ),
        'INSERT INTO `Größe "x" ``y``, 日本` VALUES (1, 2, 3, 4, 5)',
      );
      using connector = openConnector(database);
      const found = await readTable(connector, database, { table: 'Größe "x" `y`, 日本' });
      assert.deepEqual(found.columns, ['select', 'a b', 'x`y', 'é?', '"']);
      assert.deepEqual(found.rows, [[1, 2, 3, 4, 5]]);
    });

    test('what is read does not depend on the defaults of the server: the session has its own', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      const QUERY =
        'SELECT @@SESSION.time_zone AS zone, @@SESSION.sql_mode AS mode, @@SESSION.character_set_results AS charset';
      const [row] = await readNative(database, {}, QUERY);
      assert.deepEqual(row, ['+00:00', '', 'utf8mb4']);
      const limit = server === 'mysql' ? '@@max_execution_time DIV 1000' : '@@max_statement_time';
      const [[seconds] = []] = await readNative(database, {}, `SELECT CAST(${limit} AS SIGNED) AS seconds`);
      assert.equal(seconds, 900n);
    });
  });
