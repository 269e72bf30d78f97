import { compareValues } from '@ergane/protocol';
import type { Value, ValueSet } from '@ergane/protocol';
import type { Data } from 'apache-arrow';
import { makeCells, NumberCells } from './column-cells.ts';
import type { ColumnCells } from './column-cells.ts';
import { rangesOf } from './value-bounds.ts';
import type { Bound, ValueRange } from './value-bounds.ts';

/** Sets `mask` to 0 in every row whose value is not in the set. */
export type ColumnMatcher = (data: Data, mask: Uint8Array) => void;

/** One value set as a loop over a column; types without an order are never re-checked (section 3.6). */
export function compileMatcher(set: ValueSet): ColumnMatcher | 'everything' | 'unchecked' {
  const { ranges, except } = rangesOf(set, (left, right) => compareValues(set.type, left, right));
  const bounds: Value[] = [];
  const table = makeTable(ranges, bounds);
  const all = except
    ? ranges.length === 0
    : ranges.some((range) => range.low === undefined && range.high === undefined);
  if (all && set.nullAllowed) return 'everything';
  const cells = makeCells(set.type, bounds);
  if (cells === undefined) return 'unchecked';
  const hit = except ? 0 : 1;
  const matchValues = all ? keepAll : chooseLoop(cells, table, hit);
  return (data, mask) => {
    const rows = data.length;
    if (data.nullCount === 0) return matchValues(data, mask, rows);
    const before = set.nullAllowed ? mask.slice(0, rows) : undefined;
    matchValues(data, mask, rows);
    applyNulls(data, mask, before);
  };
}

type ValueLoop = (data: Data, mask: Uint8Array, rows: number) => void;

const keepAll: ValueLoop = () => undefined;

/** What stands under a null is arbitrary: its rows become what they were, or 0. */
function applyNulls({ nullBitmap, offset, length }: Data, mask: Uint8Array, before: Uint8Array | undefined): void {
  for (let row = 0; row < length; row++) {
    const at = offset + row;
    if (((nullBitmap[at >> 3] ?? 0) & (1 << (at & 7))) === 0) mask[row] = before?.[row] ?? 0;
  }
}

/** Ranges by index of their bounds; -1 is unbounded. */
interface RangeTable {
  readonly count: number;
  readonly lows: Int32Array;
  readonly highs: Int32Array;
  readonly lowOpen: Uint8Array;
  readonly highOpen: Uint8Array;
}

function makeTable(ranges: readonly ValueRange[], bounds: Value[]): RangeTable {
  const indexOf = (bound: Bound | undefined): number => (bound === undefined ? -1 : bounds.push(bound.value) - 1);
  return {
    count: ranges.length,
    lows: Int32Array.from(ranges, ({ low }) => indexOf(low)),
    highs: Int32Array.from(ranges, ({ high }) => indexOf(high)),
    lowOpen: Uint8Array.from(ranges, ({ low }) => Number(low?.open ?? false)),
    highOpen: Uint8Array.from(ranges, ({ high }) => Number(high?.open ?? false)),
  };
}

function chooseLoop(cells: ColumnCells, table: RangeTable, hit: number): ValueLoop {
  if (table.count === 1 && hit === 1 && cells instanceof NumberCells) return numberLoop(cells, table);
  return (data, mask, rows) => {
    cells.bind(data);
    for (let row = 0; row < rows; row++)
      if (mask[row] === 1 && isInside(cells, table, row) !== (hit === 1)) mask[row] = 0;
  };
}

/** Whether the value lies in one of the ranges: a binary search for the last that begins before it. */
function isInside(cells: ColumnCells, table: RangeTable, row: number): boolean {
  let from = 0;
  let to = table.count;
  while (from < to) {
    const middle = (from + to) >> 1;
    const low = table.lows[middle] ?? -1;
    const order = low < 0 ? 1 : cells.compare(row, low);
    if (order > 0 || (order === 0 && table.lowOpen[middle] === 0)) from = middle + 1;
    else to = middle;
  }
  if (from === 0) return false;
  const high = table.highs[from - 1] ?? -1;
  const order = high < 0 ? -1 : cells.compare(row, high);
  return order < 0 || (order === 0 && table.highOpen[from - 1] === 0);
}

/** One range of numbers, the commonest case: without a call a row. */
function numberLoop(cells: NumberCells, { lows, highs, lowOpen, highOpen }: RangeTable): ValueLoop {
  const low = (lows[0] ?? -1) < 0 ? undefined : cells.bounds[lows[0] ?? 0];
  const high = (highs[0] ?? -1) < 0 ? undefined : cells.bounds[highs[0] ?? 0];
  // NaN as a bound, or above an unbounded high end, takes the exact comparison
  const nanLow = low !== undefined && Number.isNaN(low);
  const nanHigh = high !== undefined && Number.isNaN(high);
  const above = low ?? -Infinity;
  const below = high ?? Infinity;
  const openAbove = lowOpen[0] === 1;
  const openBelow = highOpen[0] === 1;
  const single = { count: 1, lows, highs, lowOpen, highOpen };
  return (data, mask, rows) => {
    cells.bind(data);
    const { values } = cells;
    for (let row = 0; row < rows; row++) {
      const value = values[row] ?? 0;
      const inside =
        nanLow || nanHigh || value !== value
          ? isInside(cells, single, row)
          : (openAbove ? value > above : value >= above) && (openBelow ? value < below : value <= below);
      if (!inside) mask[row] = 0;
    }
  };
}
