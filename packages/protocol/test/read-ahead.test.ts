import assert from 'node:assert/strict';
import test from 'node:test';
import type { Schema } from 'apache-arrow';
import { Int32 } from 'apache-arrow';
import {
  decodeReadAhead,
  decodeResponse,
  emptyRecordBatch,
  encodeReadAhead,
  encodeResponse,
  ErganeError,
  LATEST_SERDE_VERSION,
  parseReadAheadRequest,
  printReadAheadRequest,
  valueSchema,
} from '../src/index.ts';
import type { GetSplitsResponse, GetTableLayoutResponse, ReadAhead } from '../src/index.ts';

const schema: Schema = valueSchema(new Int32());
const block = { schema, batch: emptyRecordBatch(schema) };
const split = { spillLocation: null, encryptionKey: null, properties: { part: '1' } };
const splits: GetSplitsResponse = {
  type: 'GetSplitsResponse',
  catalogName: 'c',
  splits: [split],
  continuationToken: null,
  extra: { explain: { nativeQuery: 'select 1' } },
};
const records: ReadAhead['records'] = { type: 'ReadRecordsResponse', catalogName: 'c', records: block };

function overTheWire(ahead: ReadAhead): GetTableLayoutResponse {
  const layout: GetTableLayoutResponse = {
    type: 'GetTableLayoutResponse',
    catalogName: 'c',
    tableName: { schemaName: 's', tableName: 't' },
    partitions: block,
    extra: encodeReadAhead(ahead, LATEST_SERDE_VERSION),
  };
  const decoded = decodeResponse(encodeResponse(layout, LATEST_SERDE_VERSION));
  assert.equal(decoded.type, 'GetTableLayoutResponse');
  return { ...layout, ...decoded };
}

test('what is read ahead goes over the wire as the answers that it stands for', () => {
  assert.deepEqual(decodeReadAhead(overTheWire({ splits })), { splits });
  const both = decodeReadAhead(overTheWire({ splits, records }));
  assert.deepEqual(both?.splits, splits);
  assert.equal(both?.records?.type, 'ReadRecordsResponse');
  assert.equal(decodeReadAhead({ ...overTheWire({ splits }), extra: {} }), undefined);
});

test('rows beside several splits, or other messages in their place, are errors that name the member', () => {
  const several = { ...splits, splits: [split, split] };
  const more = { ...splits, continuationToken: 'more' };
  for (const wrong of [several, more])
    assert.throws(() => decodeReadAhead(overTheWire({ splits: wrong, records })), named('readAhead.records'));
  const member = overTheWire({ splits, records });
  const swapped = { ...member, extra: { readAhead: { splits: { '@type': 'PingResponse' } } } };
  assert.throws(() => decodeReadAhead(swapped), named('readAhead.splits'));
  assert.throws(() => decodeReadAhead({ ...member, extra: { readAhead: 1 } }), named('readAhead'));
});

test('the announcement says what reading needs', () => {
  const asked = { columns: ['a', 'b "c"'], maxBlockSize: 8_388_608n, maxInlineBlockSize: 0n };
  assert.deepEqual(parseReadAheadRequest(printReadAheadRequest(asked)), asked);
  assert.equal(parseReadAheadRequest('1'), undefined);
  for (const wrong of ['{', '{}', '{"columns":"a"}', '{"columns":[],"maxBlockSize":"1"}'])
    assert.throws(() => parseReadAheadRequest(wrong), named('ergane.readAhead'));
});

function named(member: string): (error: unknown) => boolean {
  return (error) => error instanceof ErganeError && error.code === 'PROTOCOL_INVALID' && error.message.includes(member);
}
