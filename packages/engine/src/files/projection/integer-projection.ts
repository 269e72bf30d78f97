import { singleValues } from '@ergane/protocol';
import {
  failProperty,
  findProperty,
  MAX_PROJECTED,
  positiveProperty,
  requireProperty,
  tooMany,
  type ProjectedColumn,
  type ProjectedValue,
} from './column-projection.ts';

/** From `first` on, `step` apart, none above `last`. */
interface Sequence {
  readonly first: bigint;
  readonly last: bigint;
  readonly step: bigint;
}

/**
 * `range` is two whole numbers, both included; `interval` (default 1) lies between the values; `digits` pads with zeros on the left.
 */
export function* integerValues(projected: ProjectedColumn): Generator<ProjectedValue> {
  const range = requireProperty(projected, 'range', 'two whole numbers such as 0,10');
  const found = /^([+-]?\d{1,19})\s*,\s*([+-]?\d{1,19})$/.exec(range);
  const [, low = '', high = ''] = found ?? failProperty(projected, 'range', 'two whole numbers such as 0,10');
  const sequence = {
    first: BigInt(low.replace('+', '')),
    last: BigInt(high.replace('+', '')),
    step: BigInt(positiveProperty(projected, 'interval') ?? 1),
  };
  if (sequence.first > sequence.last) failProperty(projected, 'range', 'two whole numbers, the smaller one first');
  const digits = findProperty(projected, 'digits') === undefined ? 0 : (positiveProperty(projected, 'digits') ?? 0);
  let count = 0;
  for (const value of numbersIn(projected, sequence)) {
    if (++count > MAX_PROJECTED) throw tooMany(projected);
    const text = `${value < 0n ? '-' : ''}${String(value < 0n ? -value : value).padStart(digits, '0')}`;
    yield { text, inLocation: text };
  }
}

/** The numbers that the query may admit; of a long sequence only those between the bounds of the constraint are looked at. */
function* numbersIn({ type, admitted }: ProjectedColumn, sequence: Sequence): Generator<bigint> {
  const isText = type.kind === 'varchar' || type.kind === 'char';
  const isWhole = ['tinyint', 'smallint', 'integer', 'bigint'].includes(type.kind);
  const listed = admitted && (isText || isWhole) ? singleValues(admitted) : undefined;
  if (listed !== undefined) {
    const numbers = new Set(
      listed.map((value) => (/^[+-]?\d+$/.test(String(value)) ? BigInt(String(value)) : undefined)),
    );
    for (const number of numbers)
      if (number !== undefined && (number - sequence.first) % sequence.step === 0n)
        yield* between(sequence, number, number);
    return;
  }
  if (!isWhole || admitted?.kind !== 'SortedRangeSet') return yield* between(sequence, sequence.first, sequence.last);
  for (const { low, high } of admitted.ranges)
    yield* between(sequence, wholeBound(low.value) ?? sequence.first, wholeBound(high.value) ?? sequence.last);
}

function wholeBound(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' ? BigInt(Math.floor(value)) : undefined;
}

function* between({ first, last, step }: Sequence, low: bigint, high: bigint): Generator<bigint> {
  const start = low <= first ? first : first + ((low - first + step - 1n) / step) * step;
  const end = high < last ? high : last;
  for (let value = start; value <= end; value += step) yield value;
}
