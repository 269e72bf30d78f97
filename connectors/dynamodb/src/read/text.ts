import type { WireItem, WireValue } from '../wire.ts';

/**
 * What a VARCHAR column shows of a value of any type: a string as it is, a number's digits, true or false, bytes in base64; maps, lists
 * and sets as JSON (members sorted, numbers with all their digits). NULL is null.
 */
export function textOf(value: WireValue): string | null {
  return value.S ?? value.N ?? value.B ?? (value.NULL === true ? null : jsonOf(value));
}

function jsonOf(value: WireValue): string {
  if (value.S !== undefined) return JSON.stringify(value.S);
  if (value.N !== undefined) return value.N;
  if (value.BOOL !== undefined) return String(value.BOOL);
  if (value.B !== undefined) return JSON.stringify(value.B);
  if (value.M !== undefined) return jsonOfMembers(value.M);
  if (value.L !== undefined) return `[${value.L.map(jsonOf).join(',')}]`;
  if (value.NS !== undefined) return `[${value.NS.join(',')}]`;
  const texts = value.SS ?? value.BS;
  return texts === undefined ? 'null' : `[${texts.map((text) => JSON.stringify(text)).join(',')}]`;
}

function jsonOfMembers(members: WireItem): string {
  const sorted = Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, value]) => `${JSON.stringify(name)}:${jsonOf(value)}`).join(',')}}`;
}

/** The type's name in DynamoDB, for messages. */
export function wireTypeOf(value: WireValue): string {
  return Object.keys(value)[0] ?? 'nothing';
}
