export * from './arrow.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export * from './capability-names.ts';
export * from './sql-table.ts';
export * from './constraints.ts';
export { decodeSplit } from './decode/parts.ts';
export { type DecodedRequest, decodeRequest } from './decode/request.ts';
export { decodeResponse } from './decode/response.ts';
export { encodeSplit } from './encode/parts.ts';
export { encodeRequest } from './encode/request.ts';
export { encodeResponse } from './encode/response.ts';
export * from './errors.ts';
export * from './extensions.ts';
export {
  decodeFunctionError,
  encodeFunctionError,
  type FunctionError,
  type FunctionErrorJson,
} from './function-error.ts';
export * from './invoker.ts';
export { decodeRecordBatch, emptyRecordBatch } from './ipc/decode-record-batch.ts';
export type { Framing } from './ipc/encapsulation.ts';
export { blockByteLength, encodeRecordBatch, encodeRecordBatchParts } from './ipc/encode-record-batch.ts';
export { makeBatch } from './ipc/make-batch.ts';
export { type ColumnBuffers, emptyColumn, makeColumn } from './ipc/make-column.ts';
export { decodeSchema, encodeSchema } from './ipc/schema-message.ts';
export * from './messages.ts';
export { negotiateVersion } from './negotiate-version.ts';
export * from './read-ahead.ts';
export { packTimestampTz, unpackTimestampTz, type ZonedTimestamp } from './time-zone/packed-timestamp.ts';
export { zoneKeyOf, zoneOfKey } from './time-zone/zone-key.ts';
export { batchOfValues, columnOfValues, valueSchema } from './value-set/column-of-values.ts';
export {
  complementValueSet,
  intersectValueSets,
  toSortedRangeSet,
  unionValueSets,
} from './value-set/combine-value-sets.ts';
export { comparatorOf, compareValues, isPackedTimestamp } from './value-set/compare-values.ts';
export { isAll, isNone, singleValues, valueSetContains } from './value-set/inspect-value-set.ts';
export {
  allValues,
  isOrderable,
  makeEquatableValues,
  makeRanges,
  makeValues,
  noValues,
  notNull,
  onlyNull,
} from './value-set/make-value-set.ts';
export { fromValueBlock, toValueBlock } from './value-set/value-blocks.ts';
export { readValue } from './value-set/read-value.ts';
