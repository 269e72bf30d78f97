import type { WireItem, WireValue } from '../wire.ts';

/** What was seen of an attribute (or a member, or elements of a list) in the items of a sample. */
export interface Shape {
  readonly kinds: Set<ShapeKind>;
  /** of its numbers */
  integerDigits: number;
  scale: number;
  /** every number is a double without loss */
  doubles: boolean;
  /** of its maps */
  readonly members: Map<string, Shape>;
  /** of the elements of its lists and sets */
  element: Shape | undefined;
}
export type ShapeKind = 'text' | 'number' | 'binary' | 'boolean' | 'map' | 'list';

export function makeShape(): Shape {
  return { kinds: new Set(), integerDigits: 0, scale: 0, doubles: true, members: new Map(), element: undefined };
}

/** Adds every attribute of an item; NULL says only that the attribute exists. */
export function addItem(members: Map<string, Shape>, item: WireItem): void {
  for (const [name, value] of Object.entries(item)) {
    let shape = members.get(name);
    if (shape === undefined) members.set(name, (shape = makeShape()));
    addValue(shape, value);
  }
}

function addValue(shape: Shape, value: WireValue): void {
  if (value.S !== undefined) shape.kinds.add('text');
  else if (value.N !== undefined) addNumber(shape, value.N);
  else if (value.BOOL !== undefined) shape.kinds.add('boolean');
  else if (value.B !== undefined) shape.kinds.add('binary');
  else if (value.M !== undefined) {
    shape.kinds.add('map');
    addItem(shape.members, value.M);
  } else addList(shape, value);
}

function addList(shape: Shape, { L, SS, NS, BS }: WireValue): void {
  const elements: readonly WireValue[] | undefined =
    L ?? SS?.map((S) => ({ S })) ?? NS?.map((N) => ({ N })) ?? BS?.map((B) => ({ B }));
  if (elements === undefined) return;
  shape.kinds.add('list');
  shape.element ??= makeShape();
  for (const element of elements) addValue(shape.element, element);
}

function addNumber(shape: Shape, text: string): void {
  shape.kinds.add('number');
  const { integerDigits, scale } = countDigits(text);
  shape.integerDigits = Math.max(shape.integerDigits, integerDigits);
  shape.scale = Math.max(shape.scale, scale);
  shape.doubles &&= isDouble(text);
}

/** One shape that holds what any of them held. */
export function mergeShapes(shapes: Iterable<Shape>): Shape {
  const merged = makeShape();
  for (const shape of shapes) mergeInto(merged, shape);
  return merged;
}

function mergeInto(into: Shape, from: Shape): void {
  for (const kind of from.kinds) into.kinds.add(kind);
  into.integerDigits = Math.max(into.integerDigits, from.integerDigits);
  into.scale = Math.max(into.scale, from.scale);
  into.doubles &&= from.doubles;
  for (const [name, member] of from.members) {
    const found = into.members.get(name) ?? makeShape();
    into.members.set(name, found);
    mergeInto(found, member);
  }
  if (from.element === undefined) return;
  into.element ??= makeShape();
  mergeInto(into.element, from.element);
}

const NUMBER = /^[-+]?0*(\d*?)(?:\.(\d*?)0*)?(?:[eE]([-+]?\d+))?$/;

/** Digits before and after the decimal point, written without exponent. @throws TypeError */
export function countDigits(text: string): { readonly integerDigits: number; readonly scale: number } {
  const match = NUMBER.exec(text);
  if (match === null) throw new TypeError(`"${text}" is no number of DynamoDB`);
  const [, whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return { integerDigits: 0, scale: 0 };
  const shift = Number(exponent);
  const leadingZeros = whole === '' ? (/^0*/.exec(fraction)?.[0].length ?? 0) : 0;
  // 1200e-2 is 12: zeros at the end of the whole part need no scale
  const trailingZeros = fraction === '' ? (/0*$/.exec(whole)?.[0].length ?? 0) : 0;
  return {
    integerDigits: Math.max(0, whole.length - leadingZeros + shift),
    scale: Math.max(0, fraction.length - trailingZeros - shift),
  };
}

/** True when the number comes back from a double with all its digits. */
export function isDouble(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (text.length <= 15) return value !== 0 || !/[1-9]/.test(text.replace(/[eE].*$/, ''));
  return canonical(String(value)) === canonical(text);
}

/** Digits and exponent of a number text, such that equal numbers have equal forms. */
function canonical(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return '0';
  const power = Number(exponent) - fraction.length + (digits.length - significant.length);
  return `${sign === '-' ? '-' : ''}${significant}e${power}`;
}
