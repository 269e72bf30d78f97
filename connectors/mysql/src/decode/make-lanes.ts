import { ErganeError } from '@ergane/protocol';
import type { ErrorWhere } from '@ergane/protocol';
import type { ColumnWriter } from '@ergane/sdk';
import { BINARY_CHARSET, WIRE_TYPES } from '../wire/column-definition.ts';
import type { ColumnDefinition } from '../wire/column-definition.ts';
import { LANES, Lane } from './lane.ts';
import type { LaneCode } from './lane.ts';

const INTEGER_WIDTHS: Readonly<Record<number, number>> = {
  [WIRE_TYPES.tiny]: 1,
  [WIRE_TYPES.short]: 2,
  [WIRE_TYPES.year]: 2,
  [WIRE_TYPES.int24]: 4,
  [WIRE_TYPES.long]: 4,
  [WIRE_TYPES.longLong]: 8,
};

const BYTES_TYPES: ReadonlySet<number> = new Set([
  WIRE_TYPES.varChar,
  WIRE_TYPES.enum,
  WIRE_TYPES.set,
  WIRE_TYPES.tinyBlob,
  WIRE_TYPES.mediumBlob,
  WIRE_TYPES.longBlob,
  WIRE_TYPES.blob,
  WIRE_TYPES.varString,
  WIRE_TYPES.string,
]);

/**
 * How each column of the answer is decoded into its column of the batch. Columns of the answer beyond the batch's are not decoded.
 * @throws ErganeError SOURCE_CHANGED when a column of the answer is not of the type that the batch expects
 */
export function makeLanes(
  definitions: readonly ColumnDefinition[],
  columns: readonly ColumnWriter[],
  where: ErrorWhere,
): Lane[] {
  return columns.map((column, index) => {
    const definition = definitions[index];
    const found = definition && findLane(definition, column);
    if (definition !== undefined && found !== undefined)
      return new Lane(found, column, { ...definition, width: INTEGER_WIDTHS[definition.type] ?? 0 });
    throw new ErganeError(
      'SOURCE_CHANGED',
      `column "${column.column}" of ${where.table ?? 'the query'} is no longer what it was when the query was planned (${String(column.field.type)} was expected, the server sends its type ${definition?.type ?? 'nothing'}): run the query again`,
      { where: { ...where, column: column.column } },
    );
  });
}

function findLane(definition: ColumnDefinition, column: ColumnWriter): LaneCode | undefined {
  const width = INTEGER_WIDTHS[definition.type];
  if (width !== undefined) {
    // of the four bytes of a MEDIUMINT three are used, so it is never too large for its sign
    const isUnsigned = definition.isUnsigned && definition.type !== WIRE_TYPES.int24;
    return findIntegerLane(width, isUnsigned, column);
  }
  switch (definition.type) {
    case WIRE_TYPES.float:
      if (column.kind === 'float32') return LANES.float32;
      return column.kind === 'float64' ? LANES.floatAsDouble : undefined;
    case WIRE_TYPES.double:
      return column.kind === 'float64' ? LANES.float64 : undefined;
    case WIRE_TYPES.newDecimal:
      if (column.kind === 'decimal') return LANES.decimal;
      return column.kind === 'utf8' ? LANES.text : undefined;
    case WIRE_TYPES.date:
      return column.kind === 'int32' ? LANES.date : undefined;
    case WIRE_TYPES.dateTime:
    case WIRE_TYPES.timestamp:
      return column.kind === 'int64' ? LANES.dateTime : undefined;
    case WIRE_TYPES.bit:
      return column.kind === 'bool' || column.kind === 'int64' || column.kind === 'decimal' ? LANES.bit : undefined;
    case WIRE_TYPES.json:
      return column.kind === 'utf8' ? LANES.text : undefined;
    case WIRE_TYPES.null:
      return column.kind === 'utf8' ? LANES.text : undefined;
    case WIRE_TYPES.geometry:
      return column.kind === 'binary' ? LANES.text : undefined;
    default: {
      if (!BYTES_TYPES.has(definition.type)) return undefined;
      const isBytes = definition.charset === BINARY_CHARSET;
      return column.kind === (isBytes ? 'binary' : 'utf8') ? LANES.text : undefined;
    }
  }
}

const COLUMN_BITS: Readonly<Partial<Record<ColumnWriter['kind'], number>>> = {
  int8: 8,
  int16: 16,
  int32: 32,
  int64: 64,
};
const PLAIN: Readonly<Record<number, LaneCode>> = { 8: LANES.int8, 16: LANES.int16, 32: LANES.int32, 64: LANES.int64 };

function findIntegerLane(width: number, isUnsigned: boolean, column: ColumnWriter): LaneCode | undefined {
  if (column.kind === 'decimal') return width === 8 && isUnsigned && column.scale === 0 ? LANES.unsigned64 : undefined;
  const bits = COLUMN_BITS[column.kind];
  if (bits === undefined || bits < width * 8 || (isUnsigned && bits === width * 8)) return undefined;
  return bits === width * 8 ? PLAIN[bits] : LANES.widened;
}
