import type { Schema } from 'apache-arrow';
import type { Marker, Range, Value, ValueSet } from '../constraints.ts';
import { batchOfValues, valueSchema } from '../value-set/column-of-values.ts';
import { encodeArrowType, type Json } from './arrow-type.ts';
import type { BlockWriter } from './block.ts';

/** A value set, members in Java's order (section 3.2). `all` of an AllOrNoneValueSet is the raw flag, which Java writes wrongly. */
export function encodeValueSet(set: ValueSet, blocks: BlockWriter): Json {
  const { nullAllowed } = set;
  switch (set.kind) {
    case 'SortedRangeSet': {
      const schema = valueSchema(set.type);
      const ranges = set.ranges.map((range) => encodeRange(range, schema, blocks));
      return { '@type': set.kind, type: encodeArrowType(set.type), ranges, nullAllowed };
    }
    case 'EquatableValueSet': {
      const valueBlock = encodeValues(valueSchema(set.type), set.values, blocks);
      return { '@type': set.kind, valueBlock, whiteList: set.whiteList, nullAllowed };
    }
    case 'AllOrNoneValueSet':
      return { '@type': set.kind, type: encodeArrowType(set.type), all: set.all, nullAllowed };
  }
}

function encodeRange({ low, high }: Range, schema: Schema, blocks: BlockWriter): Json {
  const encodedLow = encodeMarker(low, schema, blocks);
  const single = low.bound === 'EXACTLY' && high.bound === 'EXACTLY' && low.value === high.value;
  return { low: encodedLow, high: single ? encodedLow : encodeMarker(high, schema, blocks) };
}

function encodeMarker({ value, bound }: Marker, schema: Schema, blocks: BlockWriter): Json {
  const valueBlock = encodeValues(schema, value === undefined ? [] : [value], blocks);
  return { valueBlock, bound, nullValue: value === undefined };
}

function encodeValues(schema: Schema, values: readonly Value[], blocks: BlockWriter): Json {
  return blocks.block({ schema, batch: batchOfValues(schema, values) });
}
