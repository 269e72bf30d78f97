import type { DataType, RecordBatch } from 'apache-arrow';
import type { EquatableValueSet, Marker, Range, Value, ValueSet } from '../constraints.ts';
import { Found, invalid } from '../invalid.ts';
import { cutOrder, spanOf, UNBOUNDED_HIGH, UNBOUNDED_LOW } from '../value-set/cut.ts';
import { allOrNone, isOrderable, makeRanges } from '../value-set/make-value-set.ts';
import { readValue } from '../value-set/read-value.ts';
import { decodeArrowType } from './arrow-type.ts';
import type { BlockReader } from './block.ts';
import { JsonObject } from './json-object.ts';

/**
 * A value set (section 3.2). Ranges are sorted and merged. One that bounds a list, struct or map cannot be told by this package's
 * values, and is widened to "all" (with or without NULL): constraints are only ever a help.
 */
export function decodeValueSet(value: unknown, path: string, blocks: BlockReader): ValueSet {
  const set = new JsonObject(value, path);
  const kind = set.word('@type', ['SortedRangeSet', 'EquatableValueSet', 'AllOrNoneValueSet']);
  const nullAllowed = set.boolean('nullAllowed');
  switch (kind) {
    case 'AllOrNoneValueSet':
      return allOrNone(decodeArrowType(set.get('type'), set.at('type')), set.boolean('all'), nullAllowed);
    case 'EquatableValueSet':
      return decodeEquatable(set, nullAllowed, blocks);
    case 'SortedRangeSet': {
      const type = decodeArrowType(set.get('type'), set.at('type'));
      if (!isOrderable(type)) {
        const some = set.array('ranges', (range) => range).length > 0;
        return allOrNone(type, some, nullAllowed);
      }
      const ranges = set.array('ranges', (range, at) => decodeRange(range, at, { type, blocks }));
      return makeRanges(type, ranges, { nullAllowed });
    }
  }
}

function decodeEquatable(set: JsonObject, nullAllowed: boolean, blocks: BlockReader): ValueSet {
  const { schema, batch } = blocks.block(set.get('valueBlock'), set.at('valueBlock'));
  const whiteList = set.boolean('whiteList');
  const [column] = schema.fields;
  if (column === undefined || schema.fields.length !== 1)
    throw invalid(set.at('valueBlock'), 'one column', new Found(`${schema.fields.length} columns`));
  if (!isOrderable(column.type)) return allOrNone(column.type, !whiteList || batch.numRows > 0, nullAllowed);
  const values: EquatableValueSet['values'] = readColumn(batch).filter((value) => value !== null);
  return { kind: 'EquatableValueSet', type: column.type, values, whiteList, nullAllowed };
}

interface RangeContext {
  readonly type: DataType;
  readonly blocks: BlockReader;
}

function decodeRange(value: unknown, path: string, context: RangeContext): Range {
  const object = new JsonObject(value, path);
  const low = decodeMarker(object.get('low'), object.at('low'), context) ?? UNBOUNDED_LOW;
  const high = decodeMarker(object.get('high'), object.at('high'), context) ?? UNBOUNDED_HIGH;
  if (low.value !== undefined && low.bound === 'BELOW')
    throw invalid(`${path}.low.bound`, 'EXACTLY or ABOVE', low.bound);
  if (high.value !== undefined && high.bound === 'ABOVE')
    throw invalid(`${path}.high.bound`, 'EXACTLY or BELOW', high.bound);
  const span = spanOf({ low, high });
  if (cutOrder(context.type)(span.low, span.high) > 0)
    throw invalid(path, 'a low marker that is not above the high one', new Found('one above it'));
  return { low, high };
}

/** undefined: unbounded */
function decodeMarker(value: unknown, path: string, { type, blocks }: RangeContext): Marker | undefined {
  const marker = new JsonObject(value, path);
  const bound = marker.word('bound', ['BELOW', 'EXACTLY', 'ABOVE']);
  if (marker.boolean('nullValue')) return undefined;
  const { schema, batch } = blocks.block(marker.get('valueBlock'), marker.at('valueBlock'));
  const found = schema.fields[0]?.type;
  if (found === undefined || String(found) !== String(type))
    throw invalid(marker.at('valueBlock'), `a column of ${String(type)}, the set's type`, new Found(String(found)));
  const [only] = readColumn(batch);
  if (only === undefined || only === null || batch.numRows !== 1)
    throw invalid(marker.at('valueBlock'), 'one value that is not null', new Found(`${batch.numRows} rows`));
  return { value: only, bound };
}

function readColumn(batch: RecordBatch): (Value | null)[] {
  const [column] = batch.data.children;
  if (column === undefined) return [];
  return Array.from({ length: batch.numRows }, (_, row) => readValue(column, row));
}
