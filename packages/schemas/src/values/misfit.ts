import { ErganeError } from '@ergane/protocol';
import type { DataType } from 'apache-arrow';
import { DEFINITIONS_SETTING } from '../definitions.ts';
import { plainText } from './plain-text.ts';
import type { PlainValue } from './plain-value.ts';

/** What a column's type cannot hold. Thrown where it is found, told by `misfitError` with its place. */
export class Misfit extends Error {
  readonly value: PlainValue;
  readonly type: DataType;
  constructor(value: PlainValue, type: DataType) {
    super(`${String(plainText(value))} is no ${String(type)}`);
    this.value = value;
    this.type = type;
  }
}

export interface MisfitPlace {
  readonly table: string;
  readonly column: string;
  /** where the value stands in the source, such as `key "user:1"` */
  readonly at: string;
}

export function misfitError({ value, type }: Misfit, { table, column, at }: MisfitPlace): ErganeError {
  const text = plainText(value) ?? 'null';
  const short = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return new ErganeError(
    'SOURCE_DATA_INVALID',
    `column "${column}" of table "${table}" is ${String(type)}, but ${at} has ${short}: define the column as varchar (or with more digits) in ${DEFINITIONS_SETTING}, or mend the value`,
    { where: { table, column } },
  );
}
