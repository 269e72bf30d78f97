import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { makeValues, NO_CONSTRAINTS } from '@ergane/protocol';
import { Field, Int32, Schema, Utf8 } from 'apache-arrow';
import { makeContext, openConnector, readTable, rowsOf } from './test-reading.ts';
import type { TestConnector } from './test-reading.ts';
import { openDatabase, SERVERS } from './test-servers.ts';
import type { TestDatabase } from './test-servers.ts';

/** One row a number below 1000, with `width` bytes each. */
function thousandRows(table: string, width: number): string {
  const digits =
    '(SELECT 0 n' + ' UNION ALL SELECT '.concat([1, 2, 3, 4, 5, 6, 7, 8, 9].join(' UNION ALL SELECT ')) + ')';
  return `INSERT INTO ${table} SELECT a.n + 10 * b.n + 100 * c.n, REPEAT('x', ${width}) FROM ${digits} a, ${digits} b, ${digits} c`;
}

async function readWith(
  { definition, context }: TestConnector,
  { name }: TestDatabase,
  { table, schema }: { readonly table: string; readonly schema: Schema },
): Promise<number> {
  let rows = 0;
  const request = { tableName: { schemaName: name, tableName: table }, schema, split: {}, constraints: NO_CONSTRAINTS };
  for await (const { batch } of definition.read(context, request)) rows += batch.numRows;
  return rows;
}

for (const server of SERVERS)
  suite(`faults of ${server}`, () => {
    test('wrong password, unknown host, closed port and a wrong database are told with the setting, without the password', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      const attempt = async (change: (url: URL) => void): Promise<unknown> => {
        const url = new URL(database.url.toString());
        url.password = 'never-tell-this';
        change(url);
        using connector = openConnector(database, { url: url.toString() });
        return connector.definition.listSchemas(connector.context);
      };
      const told = (code: string, pattern: RegExp) => (error: unknown) => {
        assert.ok(error instanceof Error);
        assert.doesNotMatch(error.message, /never-tell-this/);
        assert.match(error.message, pattern);
        assert.equal('code' in error && error.code, code);
        return true;
      };
      await assert.rejects(
        attempt(() => undefined),
        told('SOURCE_ACCESS_DENIED', /"ergane".*default.*1045/),
      );
      await assert.rejects(
        attempt((url) => (url.hostname = 'no-such-host.invalid')),
        told('SOURCE_UNREACHABLE', /no-such-host\.invalid.*default/),
      );
      await assert.rejects(
        attempt((url) => (url.port = '1')),
        told('SOURCE_UNREACHABLE', /127\.0\.0\.1:1 .*default/),
      );
      await assert.rejects(
        attempt((url) => {
          url.password = database.url.password;
          url.pathname = '/no_such_database';
        }),
        told('SCHEMA_NOT_FOUND', /no_such_database.*1049/),
      );
    });

    test('a connection that is killed while it scans is an error, not the end of the rows', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run('CREATE TABLE wide (id int primary key, text longtext)', thousandRows('wide', 60_000));
      using connector = openConnector(database);
      const schema = new Schema([new Field('id', new Int32(), true), new Field('text', new Utf8(), true)]);
      const reads = connector.definition.read(connector.context, {
        tableName: { schemaName: database.name, tableName: 'wide' },
        schema,
        split: {},
        constraints: NO_CONSTRAINTS,
      });
      const iterator = reads[Symbol.asyncIterator]();
      await iterator.next();
      const [processes] = await database.admin.query(findStatements(database));
      for (const { id } of idsOf(processes)) await database.run(`KILL CONNECTION ${id}`);
      await assert.rejects(
        async () => {
          while ((await iterator.next()).done !== true);
        },
        (error) =>
          error instanceof Error &&
          'code' in error &&
          error.code === 'SOURCE_UNREACHABLE' &&
          /wide/.test(error.message),
      );
    });

    test('a cancelled read ends the statement at the server', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run('CREATE TABLE wide (id int primary key, text longtext)', thousandRows('wide', 60_000));
      const cancel = new AbortController();
      using connector = openConnector(database, { signal: cancel.signal });
      const schema = new Schema([new Field('id', new Int32(), true), new Field('text', new Utf8(), true)]);
      const tableName = { schemaName: database.name, tableName: 'wide' };
      const reads = connector.definition.read(connector.context, {
        tableName,
        schema,
        split: {},
        constraints: NO_CONSTRAINTS,
      });
      const iterator = reads[Symbol.asyncIterator]();
      await iterator.next();
      const reason = new Error('the user went home');
      cancel.abort(reason);
      await assert.rejects(
        async () => {
          while ((await iterator.next()).done !== true);
        },
        (error) => error === reason,
      );
      await untilNoStatement(database);
    });

    test('a reader that leaves early leaves no statement behind, and the next read works', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run('CREATE TABLE wide (id int primary key, text longtext)', thousandRows('wide', 60_000));
      using connector = openConnector(database);
      const schema = new Schema([new Field('id', new Int32(), true), new Field('text', new Utf8(), true)]);
      const tableName = { schemaName: database.name, tableName: 'wide' };
      for await (const { batch } of connector.definition.read(connector.context, {
        tableName,
        schema,
        split: {},
        constraints: NO_CONSTRAINTS,
      })) {
        assert.ok(batch.numRows < 1000);
        break;
      }
      await untilNoStatement(database);
      assert.equal(await readWith(connector, database, { table: 'wide', schema }), 1000);
    });

    test('a column or table that changed between planning and reading is an error that says so', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run(
        'CREATE TABLE changing (id int primary key, text varchar(10))',
        "INSERT INTO changing VALUES (1, 'a')",
      );
      using connector = openConnector(database);
      const schema = new Schema([new Field('id', new Int32(), true), new Field('text', new Utf8(), true)]);
      assert.equal(await readWith(connector, database, { table: 'changing', schema }), 1);
      await database.run('ALTER TABLE changing DROP COLUMN text');
      const read = () => readWith(connector, database, { table: 'changing', schema });
      await assert.rejects(read(), { code: 'SOURCE_CHANGED', message: /changing.*'?text'?/s });
      await database.run('ALTER TABLE changing ADD COLUMN text blob');
      await assert.rejects(read(), { code: 'SOURCE_CHANGED', message: /column "text" of changing/ });
      const filtered = { text: makeValues(new Int32(), [7]) };
      const narrow = { table: 'changing', columns: ['id'], constraints: { summary: filtered } };
      await assert.rejects(readTable(connector, database, narrow), {
        code: 'SOURCE_CHANGED',
        message: /"text" .* is blob now/,
      });
      await database.run('DROP TABLE changing');
      await assert.rejects(read(), { code: 'SOURCE_CHANGED', message: /changing/ });
    });

    test('a cell of 100 MB, and a server that may not send it', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run(
        'CREATE TABLE large (id int primary key, text longtext)',
        "INSERT INTO large VALUES (1, REPEAT('y', 100000000)), (2, 'small'), (3, REPEAT('z', 16777210))",
      );
      using connector = openConnector(database);
      const { rows } = await readTable(connector, database, { table: 'large' });
      const sizes = rows.map(([, text]) => (typeof text === 'string' ? text.length : -1));
      assert.deepEqual(sizes, [100_000_000, 5, 16_777_210]);
      const first = rows[0]?.[1];
      assert.ok(typeof first === 'string' && first.at(-1) === 'y');
    });

    test('a thousand columns', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      const names = Array.from({ length: 1000 }, (_, index) => `column_${index}`);
      await database.run(
        `CREATE TABLE many_columns (${names.map((name) => `${name} int`).join(', ')})`,
        `INSERT INTO many_columns VALUES (${names.map((_, index) => (index % 3 === 0 ? 'NULL' : index)).join(', ')})`,
      );
      using connector = openConnector(database);
      const { rows } = await readTable(connector, database, { table: 'many_columns' });
      assert.deepEqual(rows, [names.map((_, index) => (index % 3 === 0 ? null : index))]);
    });

    test('native queries only read', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      await database.run('CREATE TABLE target (id int primary key)', 'INSERT INTO target VALUES (1)');
      using connector = openConnector(database);
      const describe = (QUERY: string) => connector.definition.passthrough?.describe(connector.context, { QUERY });
      const refused = [
        `DELETE FROM ${database.name}.target`,
        `/* x */ SET GLOBAL max_connections = 1`,
        `SELECT 1 INTO OUTFILE '/tmp/ergane-never'`,
        `/*! DELETE FROM ${database.name}.target */`,
        'CALL something()',
      ];
      for (const query of refused) await assert.rejects(async () => describe(query), { code: 'NOT_SUPPORTED' }, query);
      await assert.rejects(async () => describe('SELECT 1 AS a, 2 AS A'), { code: 'DUPLICATE_COLUMN_NAME' });
      await assert.rejects(async () => describe('SELECT FROM'), { code: 'SYNTAX_ERROR' });
      const write = `WITH x AS (SELECT 1) UPDATE ${database.name}.target SET id = 5`;
      await assert.rejects(async () => {
        await describe(write);
        const queryPassthroughArguments = { QUERY: write };
        const request = {
          tableName: { schemaName: 'system', tableName: 'query' },
          schema: new Schema([]),
          split: {},
          constraints: { ...NO_CONSTRAINTS, queryPassthroughArguments },
        };
        for await (const { batch } of connector.definition.read(connector.context, request)) rowsOf(batch);
      });
      const [rows] = await database.admin.query('SELECT id FROM target');
      assert.deepEqual(rows, [{ id: 1 }]);
    });

    test('a function that waits for nothing keeps its connection, and finds another when the server closed it', async (context) => {
      await using database = await openDatabase(context, server);
      if (database === undefined) return;
      using connector = openConnector(database);
      const { definition } = connector;
      const url = new URL(database.url.toString());
      url.pathname = database.name;
      const own = makeContext(url.toString(), {});
      const connections = async (): Promise<readonly { id: number }[]> => {
        const [processes] = await database.admin.query(
          `SELECT id FROM information_schema.processlist WHERE db = '${database.name}' AND id <> connection_id()`,
        );
        return idsOf(processes);
      };
      await definition.listSchemas(own);
      const first = await connections();
      await definition.listSchemas(own);
      assert.deepEqual(await connections(), first);
      for (const { id } of first) await database.run(`KILL CONNECTION ${id}`);
      assert.ok((await definition.listSchemas(own)).includes(database.name));
    });
  });

/** Statements of this test's database that run now. */
function findStatements({ name }: TestDatabase): string {
  return `SELECT id FROM information_schema.processlist WHERE info LIKE 'SELECT%FROM \`${name}\`%' AND id <> connection_id()`;
}

/** A server takes a moment to end what was killed; a statement that goes on makes the test time out. */
async function untilNoStatement(database: TestDatabase): Promise<void> {
  for (;;) {
    const [processes] = await database.admin.query(findStatements(database));
    if (idsOf(processes).length === 0) return;
  }
}

function idsOf(rows: unknown): readonly { id: number }[] {
  assert.ok(Array.isArray(rows));
  return rows.map((row: unknown) => {
    assert.ok(typeof row === 'object' && row !== null);
    const [id]: unknown[] = Object.values(row);
    return { id: Number(id) };
  });
}
