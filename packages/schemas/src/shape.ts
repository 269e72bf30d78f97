import { countDigits, isDouble } from './number-text.ts';

/**
 * `integer`: a whole number of at most 64 bits by its own type; `double`: a binary floating-point number by its own type; `number`: a
 * decimal of any kind.
 */
export type ShapeKind = 'text' | 'integer' | 'double' | 'number' | 'binary' | 'boolean' | 'timestamp' | 'map' | 'list';

/** What was seen of an attribute (or a member, or elements of a list) in a sample. */
export interface Shape {
  /** how many values of each kind; NULL is of none */
  readonly kinds: Map<ShapeKind, number>;
  /** of its numbers of every kind */
  integerDigits: number;
  scale: number;
  /** every number is a double without loss */
  doubles: boolean;
  /** of its maps */
  readonly members: Map<string, Shape>;
  /** of the elements of its lists and sets */
  element: Shape | undefined;
}

export function makeShape(): Shape {
  return { kinds: new Map(), integerDigits: 0, scale: 0, doubles: true, members: new Map(), element: undefined };
}

/** The shape of a member, made when it was not there: with it a member that is always NULL still exists. */
export function memberShape(members: Map<string, Shape>, name: string): Shape {
  let shape = members.get(name);
  if (shape === undefined) members.set(name, (shape = makeShape()));
  return shape;
}

export function elementShape(shape: Shape): Shape {
  return (shape.element ??= makeShape());
}

export function addKind({ kinds }: Shape, kind: ShapeKind): void {
  kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
}

/** A number, written in decimal. @throws TypeError */
export function addNumber(shape: Shape, text: string, kind: 'integer' | 'double' | 'number' = 'number'): void {
  addKind(shape, kind);
  // what is no decimal, such as NaN, is a double all the same
  if (kind === 'double' && !Number.isFinite(Number(text))) return;
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
  for (const [kind, count] of from.kinds) into.kinds.set(kind, (into.kinds.get(kind) ?? 0) + count);
  into.integerDigits = Math.max(into.integerDigits, from.integerDigits);
  into.scale = Math.max(into.scale, from.scale);
  into.doubles &&= from.doubles;
  for (const [name, member] of from.members) mergeInto(memberShape(into.members, name), member);
  if (from.element !== undefined) mergeInto(elementShape(into), from.element);
}
