import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFunctionError, encodeFunctionError, ErganeError } from '@ergane/protocol';
import { encodeJson, readWireCases, WIRE_FILES } from './wire-fixtures.ts';

test('an error of Ergane keeps its code and place, and looks like any Lambda error', () => {
  const where = { catalog: 'shop', table: 'orders', line: 3 };
  const error = new ErganeError('SOURCE_UNREACHABLE', 'no answer from db:3306', {
    where,
    cause: new Error('ECONNREFUSED'),
  });
  const json = encodeFunctionError(error);
  assert.equal(json.errorType, 'ergane.SOURCE_UNREACHABLE');
  assert.ok(json.stackTrace?.every((line) => line.startsWith('at ')));
  const { message, type, code } = decodeFunctionError(encodeJson(json));
  assert.deepEqual(
    { message, type, code },
    { message: 'no answer from db:3306', type: 'ergane.SOURCE_UNREACHABLE', code: 'SOURCE_UNREACHABLE' },
  );
  assert.deepEqual(decodeFunctionError(JSON.stringify(json)).where, where);
});

test('throttling has the type that Athena slows down for, and is known by it', () => {
  const json = encodeFunctionError(new ErganeError('SOURCE_THROTTLED', 'too fast'));
  assert.match(json.errorType, /FederationThrottleException$/);
  assert.equal(decodeFunctionError(JSON.stringify(json)).code, 'SOURCE_THROTTLED');
  const java = { errorMessage: 'ThrottlingInvoker requesting slow down due to x', errorType: 'com.amazonaws.X' };
  assert.equal(decodeFunctionError(JSON.stringify(java)).code, 'SOURCE_THROTTLED');
});

test('other errors, and what is no error at all', () => {
  assert.deepEqual(decodeFunctionError(JSON.stringify(encodeFunctionError(new TypeError('x')))), {
    message: 'x',
    type: 'TypeError',
  });
  assert.deepEqual(encodeFunctionError('text'), { errorMessage: 'text', errorType: 'Error' });
  assert.deepEqual(decodeFunctionError('not JSON'), { message: 'not JSON', type: 'Error' });
  assert.deepEqual(decodeFunctionError('{"errorType":"ergane.NO_SUCH_CODE"}').code, undefined);
});

test('failures that AWS connectors answered', () => {
  for (const recorded of WIRE_FILES.flatMap((file) => readWireCases(file)).filter(({ failed }) => failed)) {
    const { message, type, code } = decodeFunctionError(encodeJson(recorded.response));
    assert.equal(message, recorded.response.errorMessage);
    assert.equal(type, recorded.response.errorType);
    assert.equal(code, undefined);
  }
});
