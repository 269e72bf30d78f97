import assert from 'node:assert/strict';
import { ErganeError } from '@ergane/protocol';
import type { ErrorCode } from '@ergane/protocol';

/** For `assert.rejects`: the code, and words that the message must have. */
export function failsSaying(code: ErrorCode, ...words: string[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ErganeError, String(error));
    assert.equal(error.code, code, error.message);
    for (const word of words) assert.ok(error.message.includes(word), `${error.message} lacks ${word}`);
    return true;
  };
}
