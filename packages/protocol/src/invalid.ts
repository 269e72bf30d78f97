import { ErganeError } from './errors.ts';

/** Text for `found` of {@link invalid} that is shown as it is, not as a JSON string. */
export class Found {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * What arrived is not what the protocol says. The message names the member, what was expected there and what was found.
 * `path` begins with the message's type, such as `GetSplitsResponse.splits[3].encryptionKey.nonce`.
 */
export function invalid(path: string, expected: string, found: unknown, cause?: unknown): ErganeError {
  return new ErganeError('PROTOCOL_INVALID', `${path}: expected ${expected}, found ${describe(found)}`, {
    where: { member: path },
    ...(cause !== undefined && { cause }),
  });
}

/** A value in a few words, for error messages. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value instanceof Found) return value.text;
  if (typeof value === 'string') return value.length > 60 ? `"${value.slice(0, 60)}…"` : `"${value}"`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') {
    const keys = Object.keys(value);
    return keys.length === 0 ? 'an empty object' : `an object with ${keys.slice(0, 5).join(', ')}`;
  }
  return String(value);
}
