import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { ErrorCode, Invoker } from '@ergane/protocol';
import { makeReadOnlyFolder, makeSmallDisk, makeTemporaryFolder } from '@ergane/testing';
import { openSqlSource } from './sql-source.ts';
import type { SqlSource } from './sql-source.ts';
import { expectFault, openWorkbench } from './workbench.ts';

const TABLE = 'shop.public.big';
const SPILLED = `select count(*), sum(id), max(text) from ${TABLE}`;
const WHOLE = [[30_000n, 450_015_000n, 'x'.repeat(1000)]];

/** 30 MB that PostgreSQL's connector must spill. */
async function openBigTable(context: TestContext): Promise<SqlSource | undefined> {
  const source = await openSqlSource(context, 'postgresql');
  await source?.run(`create table big as select i as id, repeat('x', 1000) as text from generate_series(1, 30000) i`);
  return source;
}

test('a spill folder on a full disk', { timeout: 120_000 }, async (context) => {
  await using source = await openBigTable(context);
  if (source === undefined) return;
  await using disk = await makeSmallDisk(3_000_000);
  const [program, ...rest] = source.catalog.command;
  const catalog = { ...source.catalog, command: disk.command([program ?? '', ...rest]) };
  await using bench = await openWorkbench({ catalogs: { shop: catalog }, store: disk.path });
  const advice = { ENOSPC: 'the disk is full: free space', EFBIG: 'ulimit -f' }[disk.code];
  await expectFault(bench.rows(SPILLED), { code: 'SPILL_FAILED', says: [TABLE, disk.path, advice] });
  assert.deepEqual(await bench.spilledFiles(), []);
  // what needs no spill goes on
  assert.deepEqual(await bench.rows(`select max(text) from ${TABLE} where id = 7`), [['x'.repeat(1000)]]);
});

test('a spill folder that cannot be written: a file in its place, a file system that is read-only', async (context) => {
  await using source = await openBigTable(context);
  if (source === undefined) return;
  await using folder = await makeTemporaryFolder();
  await writeFile(path.join(folder.path, 'store'), 'no folder');
  await using readOnly = await makeReadOnlyFolder();
  const places: Readonly<Record<string, string>> = {
    [path.join(folder.path, 'store')]: 'a file stands where a folder is needed',
    ...(readOnly && { [readOnly.path]: 'use another folder' }),
  };
  for (const [store, advice] of Object.entries(places)) {
    await using bench = await openWorkbench({ catalogs: { shop: source.catalog }, store });
    await expectFault(bench.rows(SPILLED), { code: 'SPILL_FAILED', says: [TABLE, store, advice] });
    assert.deepEqual(await bench.rows(`select max(id) from ${TABLE} where id = 7`), [[7]]);
  }
});

interface Damage {
  readonly damage: (file: string) => Promise<void>;
  readonly code: ErrorCode;
  readonly says: readonly (string | RegExp)[];
}

const DAMAGES: Readonly<Record<string, Damage>> = {
  missing: {
    damage: (file) => rm(file),
    code: 'OBJECT_NOT_FOUND',
    says: ['a spilled result is missing', 'run the query again'],
  },
  truncated: {
    damage: (file) => truncate(file, 1000),
    code: 'SPILL_CORRUPT',
    says: [/spilled object .* truncated/, 'run the query again'],
  },
  empty: {
    damage: (file) => truncate(file, 0),
    code: 'SPILL_CORRUPT',
    says: [/spilled object .* truncated/, 'run the query again'],
  },
  'tampered with': {
    async damage(file) {
      const bytes = await readFile(file);
      bytes[5000] = (bytes[5000] ?? 0) ^ 1;
      await writeFile(file, bytes);
    },
    code: 'SPILL_CORRUPT',
    says: [/spilled object .* altered/, 'run the query again'],
  },
  'a folder': {
    async damage(file) {
      await rm(file);
      await mkdir(file);
    },
    code: 'OBJECT_NOT_FOUND',
    says: ['a spilled result is missing'],
  },
};

for (const [name, { damage, code, says }] of Object.entries(DAMAGES))
  test(`a spilled object that is ${name}: the query fails, the next one is whole`, async (context) => {
    await using source = await openBigTable(context);
    if (source === undefined) return;
    let armed = true;
    await using folder = await makeTemporaryFolder();
    const around = (invoker: Invoker): Invoker => ({
      async invoke(invocation) {
        const result = await invoker.invoke(invocation);
        // an answer of whatever kind: rows may come with a layout
        const [object] = armed ? findObjects(folder.path) : [];
        if (object !== undefined) {
          armed = false;
          await damage(object);
        }
        return result;
      },
    });
    await using bench = await openWorkbench({ catalogs: { shop: source.catalog }, around, store: folder.path });
    await expectFault(bench.rows(SPILLED), { code, says: [TABLE, ...says] });
    assert.deepEqual(await bench.rows(SPILLED), WHOLE);
  });

/** The first block of every answer that nobody has read yet. */
function findObjects(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter(({ name }) => name.endsWith('.0')).map(({ parentPath, name }) => path.join(parentPath, name));
}
