import { invalid } from '../invalid.ts';
import type { ExtraMembers } from '../messages.ts';
import type { Json } from './arrow-type.ts';

const utf8 = new TextEncoder();

type Message = { readonly type: string; readonly extra?: ExtraMembers };

/** A message as a JSON object: `@type` first, then its members in order, then those that only Ergane's peers know (section 1.1). */
export function messageObject({ type, extra = {} }: Message, body: Json): Json {
  const clash = Object.keys(extra).find((name) => name === '@type' || Object.hasOwn(body, name));
  if (clash !== undefined) throw invalid(`${type}.extra`, 'members that the message has not', clash);
  return { '@type': type, ...body, ...extra };
}

/** The payload of a message. */
export function writePayload(message: Message, body: Json): Uint8Array {
  return utf8.encode(JSON.stringify(messageObject(message, body)));
}
