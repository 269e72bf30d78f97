import { parse } from 'lossless-json';
import { NumberText } from './plain-value.ts';
import type { PlainValue } from './plain-value.ts';

/** JSON with all digits of its numbers: those that a JavaScript number keeps are numbers, the others NumberText. @throws SyntaxError */
export function parseJson(text: string): PlainValue {
  return toPlain(parse(text, undefined, parseNumber));
}

function parseNumber(text: string): number | NumberText {
  if (text.length <= 15 && !/[.eE]/.test(text)) return Number(text);
  const number = Number(text);
  return String(number) === text ? number : new NumberText(text);
}

/** What lossless-json gives is of these kinds alone. */
function toPlain(value: unknown): PlainValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (value instanceof NumberText) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toPlain(member)]));
  throw new SyntaxError(`JSON has no ${typeof value}`);
}
