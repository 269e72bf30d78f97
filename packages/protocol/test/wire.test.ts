import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeRequest,
  decodeResponse,
  encodeRecordBatch,
  encodeRequest,
  encodeResponse,
  encodeSchema,
  type FederationResponse,
} from '@ergane/protocol';
import { describeSchema, readWithArrow, withFloats } from './arrow-rows.ts';
import {
  decodeJson,
  encodeJson,
  type Json,
  type JsonObject,
  readWireCases,
  type WireCase,
  WIRE_FILES,
} from './wire-fixtures.ts';

const bytes = (base64: Json | undefined) => Buffer.from(String(base64), 'base64');

for (const file of WIRE_FILES) {
  test(`${file}: requests of AWS's serializers decode and encode to the same`, () => {
    for (const recorded of readWireCases(file)) {
      const { message, version } = decodeRequest(encodeJson(recorded.request));
      assert.equal(message.extra, undefined);
      // what Java sniffs: legacy framing is seen only where there is a schema, and some messages are alike in all versions
      assert.ok(version >= Math.min(recorded.serDeVersion, 3) || version === 2, `${recorded.case}: ${version}`);
      const again = decodeJson(encodeRequest(message, recorded.serDeVersion));
      assertSame(again, recorded.request, `${file}.${recorded.connector}.${recorded.case}.request`);
    }
  });

  test(`${file}: responses of AWS's connectors decode and encode to the same`, () => {
    for (const recorded of readWireCases(file)) {
      if (recorded.failed) continue;
      const message = decodeResponse(encodeJson(recorded.response));
      assert.equal(message.extra, undefined);
      assertRows(message, recorded);
      const again = decodeJson(encodeResponse(message, 6));
      assertSame(again, recorded.response, `${file}.${recorded.connector}.${recorded.case}.response`);
    }
  });

  test(`${file}: unknown trailing members survive`, () => {
    const unknown = { later: { nested: [1, 'two', null] }, scalar: 7 };
    for (const recorded of readWireCases(file).slice(0, 12)) {
      const request = decodeRequest(encodeJson({ ...recorded.request, ...unknown }));
      assert.deepEqual(request.message.extra, unknown);
      const sent = decodeJson(encodeRequest(request.message, recorded.serDeVersion));
      assert.deepEqual(Object.keys(sent).slice(-2), ['later', 'scalar']);
      if (recorded.failed) continue;
      const response = decodeResponse(encodeJson({ ...recorded.response, ...unknown }));
      assert.deepEqual(response.extra, unknown);
      assert.deepEqual(Object.keys(decodeJson(encodeResponse(response, 6))).slice(-2), ['later', 'scalar']);
    }
  });
}

/** The rows of an inline block, as apache-arrow reads what we wrote of what we read, are those that AWS's classes read. */
function assertRows(message: FederationResponse, recorded: WireCase): void {
  const block = 'records' in message ? message.records : 'partitions' in message ? message.partitions : undefined;
  const rows = recorded.rows ?? recorded.partitionRows;
  if (block === undefined || rows === undefined) return;
  const read = readWithArrow(encodeSchema(block.schema, 'modern'), encodeRecordBatch(block.batch, 'modern'));
  assert.deepEqual(read.rows, withFloats(rows, read.rows), recorded.case);
}

/** Equal, members in the same order; Arrow members by what apache-arrow reads of them; allocator ids are free. */
function assertSame(actual: Json | undefined, expected: Json | undefined, path: string): void {
  if (isObject(expected) && isObject(actual)) {
    assert.deepEqual(Object.keys(actual), Object.keys(expected), path);
    if (typeof expected.aId === 'string') return assertSameBlock(actual, expected, path);
    for (const name of Object.keys(expected)) {
      const isSchema = (name === 'schema' || name === 'outputSchema') && typeof expected[name] === 'string';
      if (isSchema) assertSameSchema(actual[name], expected[name], `${path}.${name}`);
      else assertSame(actual[name], expected[name], `${path}.${name}`);
    }
  } else if (Array.isArray(expected) && Array.isArray(actual)) {
    assert.equal(actual.length, expected.length, path);
    expected.forEach((item, index) => assertSame(actual[index], item, `${path}[${index}]`));
  } else assert.deepEqual(actual, expected, path);
}

function assertSameBlock(actual: JsonObject, expected: JsonObject, path: string): void {
  const ours = readWithArrow(bytes(actual.schema), bytes(actual.records));
  const theirs = readWithArrow(bytes(expected.schema), bytes(expected.records));
  assert.deepEqual(describeSchema(ours.schema), describeSchema(theirs.schema), path);
  assert.deepEqual(ours.rows, theirs.rows, path);
  // both begin alike: the same framing
  assert.equal(String(actual.schema).slice(0, 4) === '////', String(expected.schema).slice(0, 4) === '////', path);
}

function assertSameSchema(actual: Json | undefined, expected: Json | undefined, path: string): void {
  const ours = readWithArrow(bytes(actual), new Uint8Array(0));
  const theirs = readWithArrow(bytes(expected), new Uint8Array(0));
  assert.deepEqual(describeSchema(ours.schema), describeSchema(theirs.schema), path);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
