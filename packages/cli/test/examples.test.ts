import { skipUnlessCi } from '@ergane/testing';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const resolve = (file: string): string => fileURLToPath(new URL(`../../../${file}`, import.meta.url));

test('every example gives the answer that it promises', (context) => {
  if (!existsSync(resolve('packages/cli/dist/ergane.mjs'))) {
    skipUnlessCi(context, 'nothing is built: run "npm run build"');
    return;
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('examples/run.mjs')], { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
});
