import { makeRanges, makeValues } from '@ergane/protocol';
import type { Value, ValueSet } from '@ergane/protocol';
import { DataType, DateUnit } from 'apache-arrow';
import type { KeySet } from '../duckdb/worker-messages.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { isSafeBound } from './column-value.ts';

/**
 * The keys of a finished build side as what the probe side's column may be. Numbers of other widths and scales are said in the column's
 * own type; keys that it cannot hold equal none of its values and are left out. Undefined: nothing can be said.
 */
export function keysToValueSet(type: DataType, from: TrinoType, keys: KeySet): ValueSet | undefined {
  if (keys.kind === 'values') {
    const values: Value[] = [];
    for (const key of keys.values) {
      const converted = convert(type, from, key);
      if (converted === undefined) return undefined;
      if (converted.kind === 'exact') values.push(converted.value);
    }
    return makeValues(type, values);
  }
  const low = convert(type, from, keys.low);
  const high = convert(type, from, keys.high);
  if (low?.kind !== 'exact' || high?.kind !== 'exact' || !isSafeBound(low.value) || !isSafeBound(high.value))
    return undefined;
  const range = { low: { value: low.value, bound: 'EXACTLY' }, high: { value: high.value, bound: 'EXACTLY' } } as const;
  return makeRanges(type, [range]);
}

/** undefined: the types cannot be compared here; `none`: no value of the type equals the key. */
type Converted = { readonly kind: 'exact'; readonly value: Value } | { readonly kind: 'none' } | undefined;

function convert(type: DataType, from: TrinoType, key: Value): Converted {
  if (from.kind === 'varchar') return DataType.isUtf8(type) ? { kind: 'exact', value: key } : undefined;
  if (from.kind === 'date' || from.kind === 'timestamp') {
    const isDays = DataType.isDate(type) && type.unit === DateUnit.DAY;
    return DataType.isDate(type) && isDays === (from.kind === 'date') ? { kind: 'exact', value: key } : undefined;
  }
  if (typeof key !== 'number' && typeof key !== 'bigint') return undefined;
  return convertNumber(type, BigInt(key), from.kind === 'decimal' ? from.scale : 0);
}

function convertNumber(type: DataType, unscaled: bigint, scale: number): Converted {
  if (DataType.isDecimal(type)) {
    const value = rescale(unscaled, scale, type.scale);
    const limit = 10n ** BigInt(type.precision);
    return value !== undefined && value < limit && value > -limit ? { kind: 'exact', value } : { kind: 'none' };
  }
  if (!DataType.isInt(type)) return undefined;
  const value = rescale(unscaled, scale, 0);
  if (value === undefined || BigInt.asIntN(type.bitWidth, value) !== value) return { kind: 'none' };
  return { kind: 'exact', value: type.bitWidth === 64 ? value : Number(value) };
}

function rescale(unscaled: bigint, from: number, to: number): bigint | undefined {
  if (to >= from) return unscaled * 10n ** BigInt(to - from);
  const factor = 10n ** BigInt(from - to);
  return unscaled % factor === 0n ? unscaled / factor : undefined;
}
