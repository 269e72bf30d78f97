import type { ColumnWriter } from '@ergane/sdk';
import { ErganeError } from '@ergane/protocol';
import type { ColumnType } from '../types.ts';
import { makeArrayDecoder } from './arrays.ts';
import { decodeBytes } from './bytes.ts';
import type { CellDecoder } from './cell-run.ts';
import type { SpecialValues } from './invalid-cell.ts';
import { decodeNumeric } from './numeric.ts';
import { decodeBool, decodeFloat4, decodeFloat8, decodeInt2, decodeInt4, decodeInt8 } from './numbers.ts';
import { decodeDate, decodeTimestamp, decodeTimestampTz } from './times.ts';

export interface DecodeRules {
  readonly special: SpecialValues;
  /** fail where microseconds would be cut */
  readonly exact: boolean;
}

/** The decoder of one column, bound to its writer. */
export function findDecoder(type: ColumnType, column: ColumnWriter, rules: DecodeRules): CellDecoder {
  const { kind } = type;
  const { special } = rules;
  const element = type.element;
  if (kind === 'bool' && column.kind === 'bool') return (run) => decodeBool(column, run);
  if (kind === 'int2' && column.kind === 'int16') return (run) => decodeInt2(column, run);
  if (kind === 'int4' && column.kind === 'int32') return (run) => decodeInt4(column, run);
  if (kind === 'int8' && column.kind === 'int64') return (run) => decodeInt8(column, run);
  if (kind === 'float4' && column.kind === 'float32') return (run) => decodeFloat4(column, run);
  if (kind === 'float8' && column.kind === 'float64') return (run) => decodeFloat8(column, run);
  if (kind === 'decimal' && column.kind === 'decimal') return (run) => decodeNumeric(column, run, special);
  if (kind === 'date' && column.kind === 'int32') return (run) => decodeDate(column, run, special);
  if (kind === 'timestamp' && column.kind === 'int64') return (run) => decodeTimestamp(column, run, rules);
  if (kind === 'timestamptz' && column.kind === 'int64') return (run) => decodeTimestampTz(column, run, rules);
  if (kind === 'text' && column.kind === 'utf8') return (run) => decodeBytes(column, run);
  if (kind === 'bytea' && column.kind === 'binary') return (run) => decodeBytes(column, run);
  if (element !== undefined && column.kind === 'list') {
    const decode = makeArrayDecoder({ element }, rules);
    return (run) => decode(column, run);
  }
  throw new ErganeError(
    'SOURCE_CHANGED',
    `column "${column.field.name}" was planned as ${String(column.field.type)} and is ${String(type.arrow)} now: run the statement again`,
    { where: { column: column.field.name } },
  );
}
