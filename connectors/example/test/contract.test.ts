import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { makeValues } from '@ergane/protocol';
import { inProcessInvoker } from '@ergane/sdk/in-process';
import { connectorContract, failsWith, makeFunctionClient, readRows } from '@ergane/sdk/testing';
import { openStore } from '@ergane/storage';
import { makeTemporaryFolder } from '@ergane/testing';
import { DateDay } from 'apache-arrow';
import { connector } from '../src/index.ts';

const FILES: Readonly<Record<string, string>> = {
  '2024-02-28.log': '2024-02-28T23:59:59.999Z INFO started\n2024-02-28T23:59:59.999Z WARN disk "nearly" full: 99 %\n',
  '2024-02-29.log': `${Array.from({ length: 50 }, (_, index) => `2024-02-29T00:00:${String(index).padStart(2, '0')}Z ERROR über 😀 ${index}`).join('\n')}\n`,
  '2024-03-01.log': 'no log line\n\n',
  '2024-03-02.log': '',
  'README.txt': 'not a log',
};

async function makeLogs() {
  const folder = await makeTemporaryFolder();
  for (const [name, text] of Object.entries(FILES)) await writeFile(path.join(folder.path, name), text);
  return folder;
}

connectorContract({
  name: 'example',
  connector,
  async open() {
    const folder = await makeLogs();
    return { environment: { log_folder: folder.path }, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
  },
  tables: [
    {
      schemaName: 'logs',
      tableName: 'lines',
      minSplits: 4,
      types: { day: 'Date32<DAY>', time: 'Date64<MILLISECOND>' },
    },
  ],
});

test('example: only the days that are asked become splits; a line that is no log line is a message; a file that goes is said', async () => {
  await using folder = await makeLogs();
  await using spill = await makeTemporaryFolder();
  const environment = { log_folder: folder.path, ergane_spill_store: spill.path };
  const invoker = inProcessInvoker({ logs: { connector, environment } });
  const client = makeFunctionClient({ invoker, functionName: 'logs', store: openStore(spill.path), bucket: 'spill' });
  const table = await client.getTable({ schemaName: 'logs', tableName: 'lines' });
  const day = Date.parse('2024-03-01') / 86_400_000;
  const options = { constraints: { summary: { day: makeValues(new DateDay(), [day]) } } };
  const splits = await client.splits(table, options);
  assert.deepEqual(
    splits.map((split) => ({ ...split.properties })),
    [{ day: '2024-03-01' }],
  );
  const rows = [`[${day},1,null,null,"no log line"]`, `[${day},2,null,null,""]`];
  assert.deepEqual(await readRows(client, table, options), rows);
  await rm(path.join(folder.path, '2024-03-01.log'));
  const [split] = splits;
  assert.ok(split);
  await assert.rejects(client.readSplit(table, split), failsWith(['SOURCE_CHANGED'], { mentions: ['2024-03-01.log'] }));
  await rm(folder.path, { recursive: true });
  await assert.rejects(client.layout(table), failsWith(['SOURCE_UNREACHABLE'], { mentions: ['log_folder'] }));
});
