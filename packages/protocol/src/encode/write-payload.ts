import { invalid } from '../invalid.ts';
import type { ExtraMembers } from '../messages.ts';
import type { Json } from './arrow-type.ts';

const utf8 = new TextEncoder();

/** The payload of a message: `@type` first, then its members in order, then those that only Ergane's peers know (section 1.1). */
export function writePayload(
  message: { readonly type: string; readonly extra?: ExtraMembers },
  body: Json,
): Uint8Array {
  const { type, extra = {} } = message;
  const clash = Object.keys(extra).find((name) => name === '@type' || Object.hasOwn(body, name));
  if (clash !== undefined) throw invalid(`${type}.extra`, 'members that the message has not', clash);
  return utf8.encode(JSON.stringify({ '@type': type, ...body, ...extra }));
}
