import assert from 'node:assert/strict';
import { ErganeError } from '@ergane/protocol';

/** Whether an error has a code, and a message with every one of the words. */
export function failsWith(code: string, ...words: string[]): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof ErganeError, String(error));
    assert.equal(error.code, code, error.message);
    for (const word of words) assert.ok(error.message.includes(word), `${error.message} lacks ${word}`);
    return true;
  };
}
