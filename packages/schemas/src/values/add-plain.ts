import { addKind, addNumber, elementShape, memberShape } from '../shape.ts';
import type { Shape } from '../shape.ts';
import { isDocument, isList, numberText } from './plain-value.ts';
import type { PlainDocument, PlainValue } from './plain-value.ts';

/** Adds every member of a document to what was seen; NULL says only that the member exists. */
export function addDocument(members: Map<string, Shape>, document: PlainDocument): void {
  for (const [name, value] of Object.entries(document)) addPlainValue(memberShape(members, name), value);
}

export function addPlainValue(shape: Shape, value: PlainValue): void {
  const number = numberText(value);
  if (value === null) return;
  if (number !== undefined) addNumber(shape, number, numberKind(number));
  else if (typeof value === 'boolean') addKind(shape, 'boolean');
  else if (typeof value === 'string') addKind(shape, 'text');
  else if (value instanceof Date) addKind(shape, 'timestamp');
  else if (value instanceof Uint8Array) addKind(shape, 'binary');
  else if (isList(value)) {
    addKind(shape, 'list');
    for (const element of value) addPlainValue(elementShape(shape), element);
  } else if (isDocument(value)) {
    addKind(shape, 'map');
    addDocument(shape.members, value);
  }
}

/** Whole numbers of 64 bits are integers, what no double keeps is a decimal, all else is double. */
function numberKind(text: string): 'integer' | 'double' | 'number' {
  if (/^-?\d+$/.test(text)) return BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? 'integer' : 'number';
  return String(Number(text)) === text || !Number.isFinite(Number(text)) ? 'double' : 'number';
}

const INTEGER_TEXT = /^(0|-?[1-9]\d{0,17})$/;
const DECIMAL_TEXT = /^-?(0|[1-9]\d*)\.\d+$/;

/** Adds a value of a source that has text alone: what is written as a number is one, but `007` and `+1` are text. */
export function addText(shape: Shape, text: string): void {
  if (INTEGER_TEXT.test(text)) addNumber(shape, text, 'integer');
  else if (DECIMAL_TEXT.test(text)) addNumber(shape, text);
  else addKind(shape, 'text');
}
