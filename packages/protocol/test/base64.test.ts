import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBase64, encodeBase64 } from '@ergane/protocol';
import fc from 'fast-check';

test('bytes encoded decode to the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      assert.deepEqual(new Uint8Array(decodeBase64(encodeBase64(bytes), 'x')), bytes);
    }),
  );
});

test('without Node, as in a browser, it is the same', async () => {
  const own = Object.getOwnPropertyDescriptor(globalThis, 'Buffer');
  assert.ok(own);
  Reflect.deleteProperty(globalThis, 'Buffer');
  const browser = await import('../src/base64.ts?browser' as string).finally(() =>
    Object.defineProperty(globalThis, 'Buffer', own),
  );
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
