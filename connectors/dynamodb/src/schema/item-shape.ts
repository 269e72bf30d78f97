import { addKind, addNumber, elementShape, memberShape } from '@ergane/schemas';
import type { Shape } from '@ergane/schemas';
import type { WireItem, WireValue } from '../wire.ts';

/** Adds every attribute of an item; NULL says only that the attribute exists. */
export function addItem(members: Map<string, Shape>, item: WireItem): void {
  for (const [name, value] of Object.entries(item)) addValue(memberShape(members, name), value);
}

function addValue(shape: Shape, value: WireValue): void {
  if (value.S !== undefined) addKind(shape, 'text');
  else if (value.N !== undefined) addNumber(shape, value.N);
  else if (value.BOOL !== undefined) addKind(shape, 'boolean');
  else if (value.B !== undefined) addKind(shape, 'binary');
  else if (value.M !== undefined) {
    addKind(shape, 'map');
    addItem(shape.members, value.M);
  } else addList(shape, value);
}

function addList(shape: Shape, { L, SS, NS, BS }: WireValue): void {
  const elements: readonly WireValue[] | undefined =
    L ?? SS?.map((S) => ({ S })) ?? NS?.map((N) => ({ N })) ?? BS?.map((B) => ({ B }));
  if (elements === undefined) return;
  addKind(shape, 'list');
  for (const element of elements) addValue(elementShape(shape), element);
}
