import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { startPrivateServer } from '@ergane/testing';
import { openSqlSource, SQL_SERVERS } from './sql-source.ts';
import type { SqlSource } from './sql-source.ts';
import { expectFault, openWorkbench, until } from './workbench.ts';
import type { Workbench } from './workbench.ts';

/** What a private server is good for before it is killed. */
const BEFORE: Readonly<
  Record<(typeof SQL_SERVERS)[number], (source: SqlSource, bench: Workbench, folder: string) => Promise<void>>
> = {
  postgresql: readInvalidText,
  async mysql(source, bench, folder) {
    await readBrokenText(source, bench, folder);
    await exceedPackets(source);
  },
  async mariadb(source, bench, folder) {
    await readBrokenText(source, bench, folder);
    await exceedPackets(source);
  },
};

for (const server of SQL_SERVERS)
  test(
    `${server}: text that is not UTF-8, packets that are too large, a server that is killed in the middle of a scan`,
    { timeout: 120_000 },
    async (context) => {
      await using own = await startPrivateServer(context, server);
      if (own === undefined) return;
      // a database without encoding takes any bytes
      const createOptions = server === 'postgresql' ? `encoding 'SQL_ASCII' locale 'C' template template0` : undefined;
      const opened = await openSqlSource(context, server, { at: own.url, createOptions });
      if (opened === undefined) return;
      await using source = opened;
      await using bench = await openWorkbench({ catalogs: { shop: source.catalog } });
      await BEFORE[server](source, bench, own.folder);

      const held = await source.makeHeldView();
      const sql = `select count(*), max(text) from shop."${source.schema}".held`;
      const running = bench.rows(sql);
      running.catch(() => undefined);
      await until(async () => (await held.waiting()) > 0 && (await bench.spilledFiles()).length > 0);
      await own.kill();
      const says = [`shop.${source.schema}.held`, `:${own.url.port}`];
      await expectFault(running, { code: 'SOURCE_UNREACHABLE', says });
      await expectFault(bench.rows(sql), { code: 'SOURCE_UNREACHABLE', says: ['shop', `:${own.url.port}`] });
    },
  );

async function readInvalidText(source: SqlSource, bench: Workbench): Promise<void> {
  await source.run(
    'create table texts (id int, "the text" text)',
    `insert into texts values (1, 'good'), (2, E'\\xff\\xfe')`,
  );
  await expectFault(bench.rows(`select max("the text") from shop.public.texts`), {
    code: 'SOURCE_DATA_INVALID',
    says: ['shop.public.texts', 'the text', 'UTF-8'],
  });
  assert.deepEqual(await bench.rows(`select max("the text") from shop.public.texts where id = 1`), [['good']]);
}

/** A table whose file was damaged: nothing else makes such a server send bytes that are no text. */
async function readBrokenText(source: SqlSource, bench: Workbench, folder: string): Promise<void> {
  await source.run(
    'create table texts (id int, `the text` varchar(100)) engine = MyISAM',
    `insert into texts values (1, 'good'), (2, 'VICTIM')`,
    'flush tables texts',
  );
  const file = path.join(folder, 'data', source.schema, 'texts.MYD');
  const bytes = await readFile(file);
  bytes.set([0xff, 0xfe], bytes.indexOf('VICTIM'));
  await writeFile(file, bytes);
  await source.run('flush tables texts');
  const table = `shop.${source.schema}.texts`;
  await expectFault(bench.rows(`select max("the text") from ${table}`), {
    code: 'SOURCE_DATA_INVALID',
    says: [table, 'the text', 'UTF-8'],
  });
  assert.deepEqual(await bench.rows(`select "the text" from ${table} where id = 1`), [['good']]);
}

async function exceedPackets(source: SqlSource): Promise<void> {
  await source.run(
    'create table large (id varchar(300) primary key, text longtext)',
    `insert into large values ('a', repeat('x', 3000000)), ('b', 'short')`,
    `set global max_allowed_packet = 65536`,
  );
  // the new limit is one of new sessions
  await using bench = await openWorkbench({ catalogs: { shop: source.catalog } });
  const table = `shop.${source.schema}.large`;
  // what it sends may be larger
  assert.deepEqual(await bench.rows(`select length(text) from ${table} order by id`), [[3_000_000n], [5n]]);
  assert.deepEqual(await bench.rows(`select text from ${table} where id = 'b'`), [['short']]);
  // a statement that is larger than the server takes
  const ids = Array.from({ length: 400 }, (_, index) => `'${'k'.repeat(250)}${index}'`);
  await expectFault(bench.rows(`select id from ${table} where id in (${ids.join(', ')})`), {
    code: 'SOURCE_FAILED',
    says: [table, 'max_allowed_packet'],
  });
  assert.deepEqual(await bench.rows(`select id from ${table} where id in ('b', 'c')`), [['b']]);
  await source.run(`set global max_allowed_packet = 536870912`);
}
