import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CAPABILITIES,
  type Constraints,
  decodeRequest,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  type FederationRequest,
  negotiateVersion,
  type PingResponse,
  type SerDeVersion,
  STANDARD_FUNCTIONS,
} from '@ergane/protocol';
import * as arrow from 'apache-arrow';
import fc from 'fast-check';
import { anyRequest, anyResponse } from './arbitrary-message.ts';
import { describeSchema, plainRows } from './arrow-rows.ts';
import { decodeJson, encodeJson, type JsonObject, readWireCases } from './wire-fixtures.ts';

const version = fc.constantFrom<SerDeVersion>(2, 3, 4, 5, 6);
const extra = fc.option(fc.constant({ later: { nested: [1, null] }, other: 'x' }), { nil: undefined });

test('a response encoded decodes to the same, in every version', () => {
  fc.assert(
    fc.property(anyResponse, version, extra, (message, version, extra) => {
      const sent = extra ? { ...message, extra } : message;
      assert.deepEqual(comparable(decodeResponse(encodeResponse(sent, version))), comparable(sent));
    }),
    { numRuns: 400 },
  );
});

test('a request encoded in version 6 decodes to the same, and the version is found', () => {
  fc.assert(
    fc.property(anyRequest, extra, (message, extra) => {
      const sent = extra ? { ...message, extra } : message;
      const decoded = decodeRequest(encodeRequest(sent, 6));
      assert.deepEqual(comparable(decoded.message), comparable(sent));
      assert.equal(decoded.version, 6);
    }),
    { numRuns: 400 },
  );
});

test('a request in an older version keeps all that this version can say', () => {
  fc.assert(
    fc.property(anyRequest, version, (message, version) => {
      const sent = without(message, version);
      if (sent.type === 'GetDataSourceCapabilitiesRequest' && version < 4) {
        assert.throws(() => encodeRequest(sent, version), { code: 'NOT_SUPPORTED' });
        return;
      }
      const decoded = decodeRequest(encodeRequest(sent, version));
      assert.deepEqual(comparable(decoded.message), comparable(sent));
      if ('schema' in sent) assert.equal(decoded.version, version);
    }),
    { numRuns: 400 },
  );
});

test('a passthrough query is not turned into another question for an old peer', () => {
  const [recorded] = readWireCases('GetTable').filter((recorded) => recorded.case === 'passthrough');
  assert.ok(recorded);
  const { message } = decodeRequest(encodeJson(recorded.request));
  assert.throws(() => encodeRequest(message, 4), { code: 'NOT_SUPPORTED', message: /no query passthrough/ });
});

test('members in another order, and unknown members inside, are read', () => {
  fc.assert(
    fc.property(anyRequest, (message) => {
      const reversed = reverse(decodeJson(encodeRequest(message, 6)));
      const identity = { ...Object(reversed.identity), later: 1 };
      const { message: decoded } = decodeRequest(encodeJson({ ...reversed, identity }));
      assert.deepEqual(comparable(decoded), comparable(message));
    }),
  );
});

test('what is wrong is named: message, member, expected and found', () => {
  const remote = readWireCases('ReadRecords').find((recorded) => recorded.spilled?.length);
  const splits = readWireCases('GetSplits')[0];
  assert.ok(remote && splits);
  const response = Object(splits.response) as Record<string, unknown>;
  const failures: [unknown, RegExp][] = [
    [{ ...remote.response, schema: 7 }, /^RemoteReadRecordsResponse\.schema: expected a string, found 7$/],
    [{ ...remote.response, schema: 'abc' }, /\.schema: expected base64 with padding, found text of 3 characters/],
    [{ ...remote.response, schema: 'AAAA' }, /\.schema: expected an Arrow message, found 3 bytes/],
    [
      { ...remote.response, remoteBlocks: [{}] },
      /\.remoteBlocks\[0\]\.@type: expected one of S3SpillLocation, found nothing/,
    ],
    [
      { ...remote.response, encryptionKey: { key: 'AAAA', nonce: '' } },
      /\.encryptionKey\.key: expected an AES key of 16, 24 or 32 bytes, found 3 bytes/,
    ],
    [{ ...response, splits: {} }, /^GetSplitsResponse\.splits: expected an array, found an empty object$/],
    [
      { ...response, splits: [{ properties: { part: null } }] },
      /\.splits\[0\]\.properties\["part"\]: expected a string, found null/,
    ],
    [
      { '@type': 'NoSuchResponse' },
      /^response\.@type: expected a response of the federation protocol, found "NoSuchResponse"$/,
    ],
    [{ errorMessage: 'x', errorType: 'y' }, /^response\.@type: expected a string, found nothing$/],
    [[1, 2], /^response: expected an object, found an array of 2$/],
  ];
  for (const [json, message] of failures)
    assert.throws(() => decodeResponse(encodeJson(json)), { name: 'ErganeError', code: 'PROTOCOL_INVALID', message });
  for (const bytes of [new Uint8Array(0), new Uint8Array([0xff, 0xfe]), new TextEncoder().encode('{"@type":')])
    assert.throws(() => decodeRequest(bytes), { code: 'PROTOCOL_INVALID', message: /one JSON object in UTF-8/ });
});

test('no truncated payload is taken', () => {
  for (const recorded of readWireCases('GetSplits').slice(0, 3)) {
    const whole = encodeJson(recorded.request);
    for (let length = 0; length < whole.length; length += 13)
      assert.throws(() => decodeRequest(whole.subarray(0, length)), { code: 'PROTOCOL_INVALID' });
  }
});

test('each member of a message is needed, or has its empty value', () => {
  const optional = new Set([
    'nextToken',
    'pageSize',
    'continuationToken',
    'queryId',
    'encryptionKey',
    'serDeVersion',
    'queryPassthroughArguments',
  ]);
  for (const file of ['Ping', 'ListTables', 'GetTable', 'GetTableLayout', 'GetSplits', 'ReadRecords'] as const) {
    const [recorded] = readWireCases(file).filter((recorded) => !recorded.failed);
    assert.ok(recorded);
    assertNeeded(recorded.request, (payload) => decodeRequest(payload), optional);
    assertNeeded(recorded.response, (payload) => decodeResponse(payload), optional);
  }
});

test('names of capabilities are those that AWS connectors declare', () => {
  const names = new Set<string>(Object.values(CAPABILITIES).flatMap((capability) => Object.values(capability)));
  const functions = new Set(Object.keys(STANDARD_FUNCTIONS));
  for (const recorded of readWireCases('GetDataSourceCapabilities')) {
    const response = decodeResponse(encodeJson(recorded.response));
    if (response.type !== 'GetDataSourceCapabilitiesResponse') continue;
    for (const [name, subTypes] of Object.entries(response.capabilities))
      for (const { subType, properties } of subTypes) {
        assert.ok(names.has(name) || name === 'SYSTEM.QUERY', name);
        assert.ok(names.has(subType), subType);
        if (subType === CAPABILITIES.expression.functions)
          assert.deepEqual(
            properties.filter((property) => !functions.has(property)),
            [],
          );
      }
  }
});

test('the version to speak is the smaller of both', () => {
  const answer = (serDeVersion: number): PingResponse => {
    return { type: 'PingResponse', catalogName: 'c', queryId: 'q', sourceType: 's', capabilities: 24, serDeVersion };
  };
  assert.deepEqual(
    [2, 5, 6, 9].map((spoken) => negotiateVersion(answer(spoken))),
    [2, 5, 6, 6],
  );
  assert.throws(() => negotiateVersion(answer(1)), {
    code: 'PROTOCOL_INVALID',
    message: /version 2 or later, found 1/,
  });
});

function assertNeeded(
  message: JsonObject,
  decode: (payload: Uint8Array) => unknown,
  optional: ReadonlySet<string>,
): void {
  for (const name of Object.keys(message)) {
    const { [name]: _, ...rest } = message;
    if (optional.has(name)) decode(encodeJson(rest));
    else assert.throws(() => decode(encodeJson(rest)), { code: 'PROTOCOL_INVALID' }, name);
  }
}

/** The message without what a version has no member for. */
function without(message: FederationRequest, version: SerDeVersion): FederationRequest {
  if (message.type === 'GetTableRequest') return version >= 5 ? message : { ...message, queryPassthroughArguments: {} };
  if (!('constraints' in message)) return message;
  const { constraints } = message;
  const kept: Constraints = {
    summary: constraints.summary,
    expression: version >= 4 ? constraints.expression : [],
    orderByClause: version >= 4 ? constraints.orderByClause : [],
    limit: version >= 4 ? constraints.limit : -1,
    queryPassthroughArguments: version >= 5 ? constraints.queryPassthroughArguments : {},
    queryPlan: version >= 6 ? constraints.queryPlan : null,
  };
  return { ...message, constraints: kept };
}

function reverse(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).reverse());
}

/** Arrow objects as what they say. */
function comparable(value: unknown): unknown {
  if (value instanceof arrow.Schema) return describeSchema(value);
  if (value instanceof arrow.RecordBatch) return plainRows(value);
  if (value instanceof arrow.DataType) return String(value);
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, comparable(item)]));
}
