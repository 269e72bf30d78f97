import { isUtf8 } from 'node:buffer';
import { ErganeError } from '@ergane/protocol';
import type { ErrorWhere } from '@ergane/protocol';
import type { BatchWriter } from '@ergane/sdk';
import type { RecordBatch } from 'apache-arrow';
import type { ColumnDefinition } from '../wire/column-definition.ts';
import type { RowSink } from '../wire/wire-session.ts';
import { daysFromDate, NO_DATE } from './calendar.ts';
import { readCells } from './cell.ts';
import type { Cell } from './cell.ts';
import { writeDecimal } from './decimal-text.ts';
import { LANES } from './lane.ts';
import type { Lane } from './lane.ts';
import { makeLanes } from './make-lanes.ts';

export interface DecodeOptions {
  readonly where: ErrorWhere;
  /** what a date that is not in the calendar (0000-00-00, 2024-00-15) becomes */
  readonly zeroDates: 'error' | 'null';
}

const TWO_32 = 2 ** 32;
const DAY_MS = 86_400_000;

/**
 * Decodes binary rows straight into the buffers of a batch: no object, string or call of the driver a row. The cases stand in one
 * loop, because a call a cell costs as much as most cells.
 */
export class RowDecoder implements RowSink {
  private readonly definitions: readonly ColumnDefinition[];
  private readonly writer: BatchWriter;
  private readonly lanes: readonly Lane[];
  private readonly options: DecodeOptions;
  private readonly nullBytes: number;
  private rowIndex = 0;
  private lastBytes: Buffer | undefined;
  private lastStart = 0;
  private lastEnd = 0;

  constructor(definitions: readonly ColumnDefinition[], writer: BatchWriter, options: DecodeOptions) {
    this.definitions = definitions;
    this.writer = writer;
    this.options = options;
    this.lanes = makeLanes(definitions, writer.columns, options.where);
    this.nullBytes = (definitions.length + 9) >> 3;
    this.refresh();
  }

  get rowCount(): number {
    return this.writer.rowCount;
  }

  row(bytes: Buffer, start: number, end: number): boolean {
    const nullsAt = start + 1;
    const row = this.rowIndex;
    const { lanes } = this;
    let at = nullsAt + this.nullBytes;
    for (let index = 0; index < lanes.length; index++) {
      const lane = lanes[index];
      if (lane === undefined) break;
      const bit = index + 2;
      if (((bytes[nullsAt + (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0) {
        lane.column.setNull(row);
        continue;
      }
      switch (lane.code) {
        case LANES.int64: {
          const { words } = lane;
          words[2 * row] = word(bytes, at);
          words[2 * row + 1] = word(bytes, at + 4);
          at += 8;
          break;
        }
        case LANES.int32:
          lane.words[row] = word(bytes, at);
          at += 4;
          break;
        case LANES.decimal: {
          let length = bytes[at++] ?? 0;
          if (length >= 0xfb) {
            length = longLength(bytes, at - 1);
            at += lengthSize(bytes[at - 1] ?? 0);
          }
          if (!writeDecimal(lane.words, 4 * row, bytes, at, at + length, lane.scale))
            this.refuseDecimal(lane, bytes, at, length);
          at += length;
          break;
        }
        case LANES.text: {
          let length = bytes[at++] ?? 0;
          if (length >= 0xfb) {
            length = longLength(bytes, at - 1);
            at += lengthSize(bytes[at - 1] ?? 0);
          }
          const from = lane.offsets[row] ?? 0;
          if (from + length > lane.bytes.length) lane.growBytes(length);
          const target = lane.bytes;
          if (length < 40)
            for (let copied = 0; copied < length; copied++) target[from + copied] = bytes[at + copied] ?? 0;
          else bytes.copy(target, from, at, at + length);
          lane.offsets[row + 1] = from + length;
          at += length;
          break;
        }
        case LANES.date: {
          const length = bytes[at++] ?? 0;
          const days = length < 4 ? NO_DATE : daysFromDate(half(bytes, at), bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);
          if (days === NO_DATE) this.zeroDate(lane, row);
          else lane.words[row] = days;
          at += length;
          break;
        }
        case LANES.dateTime: {
          const length = bytes[at++] ?? 0;
          this.writeDateTime(lane, row, bytes, at, length);
          at += length;
          break;
        }
        case LANES.int8:
          lane.int8[row] = bytes[at++] ?? 0;
          break;
        case LANES.int16:
          lane.int16[row] = half(bytes, at);
          at += 2;
          break;
        case LANES.widened:
          widen(lane, row, bytes, at);
          at += lane.width;
          break;
        case LANES.unsigned64: {
          const { words } = lane;
          words[4 * row] = word(bytes, at);
          words[4 * row + 1] = word(bytes, at + 4);
          words[4 * row + 2] = words[4 * row + 3] = 0;
          at += 8;
          break;
        }
        case LANES.float32:
          lane.float32[row] = bytes.readFloatLE(at);
          at += 4;
          break;
        case LANES.float64:
          lane.float64[row] = bytes.readDoubleLE(at);
          at += 8;
          break;
        case LANES.floatAsDouble:
          lane.float64[row] = bytes.readFloatLE(at);
          at += 4;
          break;
        case LANES.bit: {
          const length = bytes[at++] ?? 0;
          writeBits(lane, row, bytes, at, length);
          at += length;
          break;
        }
      }
    }
    this.writer.endRow();
    this.rowIndex++;
    this.lastBytes = bytes;
    this.lastStart = start;
    this.lastEnd = end;
    return this.writer.isFull;
  }

  /** All values of the batch's last row, also those of columns that the batch does not have; undefined: it has no row. */
  readLastRow(): readonly Cell[] | undefined {
    const { lastBytes, lastStart, lastEnd } = this;
    return lastBytes && readCells(this.definitions, lastBytes, { start: lastStart, end: lastEnd });
  }

  /** @throws ErganeError SOURCE_DATA_INVALID for text that is not UTF-8 */
  finish(): RecordBatch {
    for (const { column } of this.lanes)
      if (column.kind === 'utf8') this.checkUtf8(column.field.name, column.bytes, column.offsets);
    const batch = this.writer.finish();
    this.lastBytes = undefined;
    this.rowIndex = 0;
    this.refresh();
    return batch;
  }

  private refresh(): void {
    for (const lane of this.lanes) lane.refresh();
  }

  /** One check of the whole column, then that no value begins inside a character. */
  private checkUtf8(column: string, bytes: Buffer, offsets: Int32Array): void {
    const rows = this.rowIndex;
    const used = offsets[rows] ?? 0;
    let isValid = isUtf8(bytes.subarray(0, used));
    for (let row = 1; isValid && row < rows; row++) {
      const start = offsets[row] ?? 0;
      isValid = start >= used || ((bytes[start] ?? 0) & 0xc0) !== 0x80;
    }
    if (isValid) return;
    let row = 0;
    while (row < rows && isUtf8(bytes.subarray(offsets[row], offsets[row + 1]))) row++;
    const shown = bytes
      .subarray(offsets[row], Math.min(offsets[row + 1] ?? 0, (offsets[row] ?? 0) + 32))
      .toString('hex');
    throw this.invalid(
      column,
      `holds bytes that are not UTF-8 (${shown}): read it with CAST(... AS BINARY) in a native query`,
    );
  }

  private writeDateTime(lane: Lane, row: number, bytes: Buffer, at: number, length: number): void {
    const days = length < 4 ? NO_DATE : daysFromDate(half(bytes, at), bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);
    if (days === NO_DATE) {
      this.zeroDate(lane, row);
      return;
    }
    let milliseconds = days * DAY_MS;
    if (length >= 7)
      milliseconds += ((bytes[at + 4] ?? 0) * 3600 + (bytes[at + 5] ?? 0) * 60 + (bytes[at + 6] ?? 0)) * 1000;
    if (length >= 11) milliseconds += Math.floor(word(bytes, at + 7) / 1000);
    lane.words[2 * row] = milliseconds | 0;
    lane.words[2 * row + 1] = Math.floor(milliseconds / TWO_32);
  }

  private zeroDate(lane: Lane, row: number): void {
    if (this.options.zeroDates === 'null') {
      lane.column.setNull(row);
      return;
    }
    throw this.invalid(
      lane.column.column,
      'holds a date that is not in the calendar, such as 0000-00-00: put zeroDateTimeBehavior=CONVERT_TO_NULL into the connection string to read such dates as NULL, or correct the rows',
    );
  }

  private refuseDecimal(lane: Lane, bytes: Buffer, at: number, length: number): never {
    const text = bytes.toString('latin1', at, at + Math.min(80, length));
    throw this.invalid(lane.column.column, `holds ${text}, which is no ${String(lane.column.field.type)}`);
  }

  private invalid(column: string, problem: string): ErganeError {
    const { where } = this.options;
    const place = where.table === undefined ? 'the query' : `${where.schema ?? ''}.${where.table}`;
    return new ErganeError('SOURCE_DATA_INVALID', `column "${column}" of ${place} ${problem}`, {
      where: { ...where, column },
    });
  }
}

function half(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function word(bytes: Buffer, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
}

/** A length-encoded length that needs more than its first byte. */
function longLength(bytes: Buffer, at: number): number {
  const size = lengthSize(bytes[at] ?? 0);
  return size === 8 ? bytes.readUIntLE(at + 1, 6) : bytes.readUIntLE(at + 1, size === 2 ? 2 : 3);
}

function lengthSize(first: number): number {
  return first === 0xfc ? 2 : first === 0xfd ? 3 : 8;
}

function widen(lane: Lane, row: number, bytes: Buffer, at: number): void {
  const value = lane.isUnsigned ? bytes.readUIntLE(at, lane.width) : bytes.readIntLE(at, lane.width);
  const { column } = lane;
  if (column.kind === 'int16') lane.int16[row] = value;
  else if (column.kind === 'int32') lane.words[row] = value;
  else {
    lane.words[2 * row] = value | 0;
    lane.words[2 * row + 1] = value < 0 ? -1 : 0;
  }
}

/** BIT comes as bytes, high ones first. */
function writeBits(lane: Lane, row: number, bytes: Buffer, at: number, length: number): void {
  let high = 0;
  let low = 0;
  for (let index = 0; index < length; index++) {
    high = (high << 8) | (low >>> 24);
    low = (low << 8) | (bytes[at + index] ?? 0);
  }
  const { column } = lane;
  if (column.kind === 'bool') {
    column.setBool(row, low !== 0);
    return;
  }
  const width = column.kind === 'decimal' ? 4 : 2;
  lane.words[width * row] = low;
  lane.words[width * row + 1] = high;
  if (width === 4) lane.words[4 * row + 2] = lane.words[4 * row + 3] = 0;
}
