import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { decodeBase64, encodeBase64 } from '@ergane/protocol';
import { build } from 'esbuild';
import fc from 'fast-check';
import type * as Base64 from '../src/base64.ts';

test('bytes encoded decode to the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.deepEqual(new Uint8Array(decodeBase64(encodeBase64(bytes), 'x')), bytes);
    }),
  );
});

/** The module as a browser has it: bundled as for one, its `globalThis` without Buffer. Node itself cannot load a module without Buffer. */
async function loadForBrowser(): Promise<typeof Base64> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../src/base64.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'browser',
  });
  const loaded = { exports: {} };
  const globals = Object.create(globalThis, { Buffer: { value: undefined } }) as typeof globalThis;
  new Function('module', 'globalThis', 'Reflect', outputFiles[0]?.text ?? '')(loaded, globals, Reflect);
  return loaded.exports as typeof Base64;
}

test('without Node, as in a browser, it is the same', async () => {
  const browser = await loadForBrowser();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.equal(browser.encodeBase64(bytes), encodeBase64(bytes));
      assert.deepEqual(browser.decodeBase64(encodeBase64(bytes), 'x'), bytes);
    }),
  );
  assert.throws(() => browser.decodeBase64('ab-=', 'x'), { code: 'PROTOCOL_INVALID' });
});

test('what is no base64 is an error that says where', () => {
  const failures: [string, RegExp][] = [
    ['abc', /x: expected base64 with padding, found text of 3 characters/],
    ['ab!d', /found the character "!" at 2 of 4/],
    ['a=bc', /found the character "=" at 1 of 4/],
    ['ab\ncabcd', /found the character/],
    ['====', /expected base64/],
  ];
  for (const [text, message] of failures)
    assert.throws(() => decodeBase64(text, 'x'), { code: 'PROTOCOL_INVALID', message });
});
