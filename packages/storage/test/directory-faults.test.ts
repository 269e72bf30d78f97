import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inUnwritableFolder, makeSmallDisk, makeTemporaryFolder } from '@ergane/testing';
import { openDirectoryStore } from '../src/index.ts';
import { failsWith } from './fails-with.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const PUT_PROGRAM = fileURLToPath(new URL('./fixtures/put-objects.ts', import.meta.url));

test('a file that stands where a folder is needed is said to, and what to do', async () => {
  await using folder = await makeTemporaryFolder();
  await writeFile(path.join(folder.path, 'spill'), 'a file in place of the folder');
  await assert.rejects(
    openDirectoryStore(folder.path).put('spill', 'q/block.0', bytes('x')),
    failsWith('STORE_FAILED', 'q/block.0', '"spill"', 'a file stands where a folder is needed'),
  );
});

test('an unwritable folder is named', () =>
  inUnwritableFolder((folder) =>
    assert.rejects(
      openDirectoryStore(folder).put('b', 'k', bytes('x')),
      failsWith('STORE_FAILED', folder, '"k"', 'give this user permission'),
    ),
  ));

test('a disk that is full in the middle of an object is said to be full, and nothing of the object stays', async () => {
  await using disk = await makeSmallDisk(1_000_000);
  const loader = ['--conditions=source', '--import', import.meta.resolve('tsx')];
  const [program, ...rest] = disk.command([process.execPath, ...loader, PUT_PROGRAM, disk.path]);
  const { stdout, stderr } = spawnSync(program, rest, { encoding: 'utf8' });
  const [large = '', pieces = '', small] = stdout.split('\n');
  const advice = { ENOSPC: 'the disk is full: free space', EFBIG: 'ulimit -f' }[disk.code];
  for (const line of [large, pieces]) {
    assert.match(line, /^STORE_FAILED: put of "\w+" in bucket "b" of store file:.* failed: /, stderr);
    assert.ok(line.includes(advice), line);
  }
  assert.equal(small, 'small: 400000 bytes');
  assert.deepEqual(await readdir(path.join(disk.path, 'b')), ['small']);
});

test('all beneath a prefix goes, also what a writer that was killed left unfinished', async () => {
  await using folder = await makeTemporaryFolder();
  const store = openDirectoryStore(folder.path);
  for (const key of ['p/one/a', 'p/one/deep/b', 'p/two/c', 'p/old/d']) await store.put('b', key, bytes(key));
  const unfinished = path.join(folder.path, 'b', 'p', 'one', '.ergane-00000000-0000-4000-8000-000000000000.tmp');
  await writeFile(unfinished, 'half an obj');
  await store.deleteAll?.('b', 'p/one/');
  assert.deepEqual(await readdir(path.join(folder.path, 'b', 'p')), ['old', 'two']);
  await store.deleteAll?.('b', 'p/none/');
  await utimes(path.join(folder.path, 'b', 'p', 'old', 'd'), 1000, 1000);
  await store.deleteAll?.('b', 'p/', 2_000_000);
  assert.deepEqual(await readdir(path.join(folder.path, 'b', 'p')), ['two']);
  await mkdir(path.join(folder.path, 'file'));
  await assert.rejects(async () => store.deleteAll?.('b', '../file/'), failsWith('STORE_FAILED', 'no valid name'));
});
