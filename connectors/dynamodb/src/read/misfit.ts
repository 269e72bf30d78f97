import { ErganeError } from '@ergane/protocol';
import type { WireItem, WireValue } from '../wire.ts';
import { textOf, wireTypeOf } from './text.ts';

/** What a column's type cannot hold. Thrown where it is found, told by `misfitError` with the item's key. */
export class Misfit extends Error {
  readonly value: WireValue;
  readonly type: string;
  constructor(value: WireValue, type: string) {
    super(`${wireTypeOf(value)} is no ${type}`);
    this.value = value;
    this.type = type;
  }
}

export interface MisfitPlace {
  readonly table: string;
  readonly column: string;
  readonly attribute: string;
  /** the item's key, or the item where its key is not read */
  readonly item: WireItem;
}

export function misfitError({ value, type }: Misfit, { table, column, attribute, item }: MisfitPlace): ErganeError {
  const text = textOf(value) ?? 'null';
  const short = text.length > 60 ? `${text.slice(0, 60)}...` : text;
  return new ErganeError(
    'SOURCE_DATA_INVALID',
    `column "${column}" of table "${table}" is ${type}, but attribute "${attribute}" of the item ${printItem(item)} is ${wireTypeOf(value)} ${short}: ` +
      'define the column as varchar (or with more digits) in ergane_table_definitions, or raise ergane_schema_sample_items',
    { where: { table, column } },
  );
}

function printItem(item: WireItem): string {
  const members = Object.entries(item).slice(0, 3);
  return members.map(([name, value]) => `${name}=${(textOf(value) ?? 'null').slice(0, 40)}`).join(', ');
}
