import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { CatalogConfig } from '../../src/config/config.ts';
import { expectFault, openWorkbench } from './workbench.ts';
import type { Expected } from './workbench.ts';

const PROGRAM = fileURLToPath(new URL('./faulty-function.mjs', import.meta.url));
const CATALOG: CatalogConfig = {
  command: [process.execPath, '--conditions=source', '--import', import.meta.resolve('tsx'), PROGRAM],
  // the machine may be busy
  initSeconds: 60,
};

/** What reading the table of this name does, and what is said of it; everything names the function and the table. */
const FAULTS: Readonly<Record<string, Expected & { readonly limits?: Partial<CatalogConfig> }>> = {
  crash: { code: 'FUNCTION_CRASHED', says: ['exited with code 7', 'Look at its log'] },
  hang: { code: 'SPLIT_TOO_LARGE', says: ['time-out'], limits: { timeoutSeconds: 2 } },
  spin: {
    code: 'FUNCTION_TIMED_OUT',
    says: ['did not answer within', 'timeoutSeconds'],
    limits: { timeoutSeconds: 2 },
  },
  memory: { code: 'FUNCTION_OUT_OF_MEMORY', says: ['with a limit of 400 MB', 'memoryMb'], limits: { memoryMb: 400 } },
  fails: { code: 'FUNCTION_FAILED', says: ['the disk of the source is on fire'] },
  garbage: { code: 'FUNCTION_RESPONSE_INVALID', says: ['not JSON', '502 Bad Gateway', 'Look at its log'] },
  nothing: { code: 'FUNCTION_RESPONSE_INVALID', says: ['0 bytes'] },
  truncated: { code: 'FUNCTION_RESPONSE_INVALID', says: ['not JSON', 'ReadRecordsResponse'] },
  other: { code: 'PROTOCOL_INVALID', says: ['ReadRecordsRequest with PingResponse'] },
  schema: { code: 'PROTOCOL_INVALID', says: ['id Utf8 where id Int32'] },
  large: { code: 'FUNCTION_PAYLOAD_TOO_LARGE', says: ['the limit is 6291456', 'spill'] },
};

for (const [table, { limits = {}, says, ...expected }] of Object.entries(FAULTS))
  test(`a function that answers with: ${table}`, { timeout: 120_000 }, async () => {
    await using bench = await openWorkbench({ catalogs: { faulty: { ...CATALOG, ...limits } } });
    const place = `faulty.s.${table}`;
    await expectFault(bench.rows(`select id, name from ${place}`), { ...expected, says: [place, 'function', ...says] });
    assert.deepEqual(await bench.rows('select id, name from faulty.s.good'), [[1, 'one']]);
  });

test('a table of 10,000 columns', { timeout: 120_000 }, async () => {
  await using bench = await openWorkbench({ catalogs: { faulty: CATALOG } });
  const [row = []] = await bench.rows('select * from faulty.s.wide');
  assert.deepEqual(
    row,
    Array.from({ length: 10_000 }, (_, index) => index),
  );
  assert.deepEqual(
    await bench.rows('select "column 9999", "column 17" from faulty.s.wide where "column 5000" = 5000'),
    [[9999, 17]],
  );
  assert.deepEqual(await bench.rows('select count(*) from faulty.s.wide where "column 5000" = 1'), [[0n]]);
});
