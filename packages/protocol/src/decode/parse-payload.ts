import { Found, invalid } from '../invalid.ts';
import { JsonObject } from './json-object.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON object of a payload and its `@type`. `what` names it until its type is known. */
export function parsePayload(
  payload: Uint8Array,
  what: 'request' | 'response',
): { readonly type: string; readonly object: JsonObject } {
  const value = parseJson(payload, what);
  const type = new JsonObject(value, what).text('@type');
  const object = new JsonObject(value, type);
  object.get('@type');
  return { type, object };
}

function parseJson(payload: Uint8Array, what: string): unknown {
  if (payload.length === 0) throw invalid(what, 'one JSON object in UTF-8', new Found('an empty payload'));
  try {
    return JSON.parse(utf8.decode(payload));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) {
      const found = new Found(`${payload.length} bytes that are not (${error.message})`);
      throw invalid(what, 'one JSON object in UTF-8', found, error);
    }
    throw error;
  }
}
