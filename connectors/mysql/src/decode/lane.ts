import type { ColumnWriter } from '@ergane/sdk';
import type { ColumnDefinition } from '../wire/column-definition.ts';

/** How a cell of the wire becomes a cell of the batch: a case of the decoder's inner switch. */
export const LANES = {
  int8: 0,
  int16: 1,
  int32: 2,
  int64: 3,
  /** wire integer narrower than the column, or unsigned: widened */
  widened: 4,
  /** BIGINT UNSIGNED as DECIMAL(20,0) */
  unsigned64: 5,
  float32: 6,
  float64: 7,
  floatAsDouble: 8,
  decimal: 9,
  text: 10,
  date: 11,
  dateTime: 12,
  bit: 13,
} as const;

export type LaneCode = (typeof LANES)[keyof typeof LANES];

const NO_WORDS = new Int32Array(0);

/**
 * One column of the decoder: which case it is, and the buffers of the batch that is being written. All lanes have one shape, so that
 * the loop over them stays monomorphic.
 */
export class Lane {
  readonly code: LaneCode;
  readonly column: ColumnWriter;
  /** bytes of a wire integer; its sign */
  readonly width: number;
  readonly isUnsigned: boolean;
  readonly scale: number;
  words: Int32Array = NO_WORDS;
  int8: Int8Array = new Int8Array(0);
  int16: Int16Array = new Int16Array(0);
  float32: Float32Array = new Float32Array(0);
  float64: Float64Array = new Float64Array(0);
  offsets: Int32Array = NO_WORDS;
  bytes: Buffer = Buffer.alloc(0);

  constructor(code: LaneCode, column: ColumnWriter, wire: Pick<ColumnDefinition, 'isUnsigned'> & { width: number }) {
    this.code = code;
    this.column = column;
    this.width = wire.width;
    this.isUnsigned = wire.isUnsigned;
    this.scale = column.kind === 'decimal' ? column.scale : 0;
  }

  /** The column's buffers are others after every batch, and after a buffer grew. */
  refresh(): void {
    const { column } = this;
    switch (column.kind) {
      case 'int8':
        this.int8 = column.values;
        break;
      case 'int16':
        this.int16 = column.values;
        break;
      case 'int32':
        this.words = column.values;
        break;
      case 'int64':
      case 'decimal':
        this.words = column.words;
        break;
      case 'float32':
        this.float32 = column.values;
        break;
      case 'float64':
        this.float64 = column.values;
        break;
      case 'utf8':
      case 'binary':
        this.offsets = column.offsets;
        this.bytes = column.bytes;
        break;
      case 'bool':
      case 'list':
      case 'struct':
      case 'map':
        break;
    }
  }

  /** Room for `size` more bytes in `row`. */
  growBytes(size: number): void {
    const { column } = this;
    if (column.kind !== 'utf8' && column.kind !== 'binary') return;
    column.reserve(size);
    this.bytes = column.bytes;
  }
}
