import { isDocument, isList, numberText } from './plain-value.ts';
import type { PlainValue } from './plain-value.ts';

/**
 * What a VARCHAR column shows of a value of any type: a string as it is, a number's digits, true or false, a date in ISO 8601, bytes in
 * base64; documents and lists as JSON, members in their order, numbers with all their digits. null is null.
 */
export function plainText(value: PlainValue): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return plainJson(value);
}

function plainJson(value: PlainValue): string {
  const number = numberText(value);
  // JSON has no NaN or infinities
  if (number !== undefined) return /^-?\d/.test(number) ? number : JSON.stringify(number);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(plainJson).join(',')}]`;
  if (isDocument(value)) {
    const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${plainJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(plainText(value));
}
