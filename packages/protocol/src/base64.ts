import { Found, invalid } from './invalid.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CHUNK = 32_766;
/** Standard base64 with padding and no line breaks (section 1.1 rule 4). */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What Node's Buffer does fast and browsers have not: base64 of megabytes. Absent in a browser. */
interface BufferLike {
  from(text: string, encoding: 'base64'): Uint8Array;
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'base64'): string };
}

const nodeBuffer = findBuffer();

export function encodeBase64(bytes: Uint8Array): string {
  if (nodeBuffer) return nodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK)
    text += btoa(String.fromCharCode(...bytes.subarray(start, start + CHUNK)));
  return text;
}

/** @throws ErganeError PROTOCOL_INVALID that names `path` */
export function decodeBase64(text: string, path: string): Uint8Array {
  if (text.length === 0) return new Uint8Array(0);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const length = (text.length / 4) * 3 - padding;
  // Buffer leaves out what is no base64: then the length is another. Its pool aligns to 8 bytes
  const isBase64 = text.length % 4 === 0 && (nodeBuffer !== undefined || BASE64.test(text));
  const bytes = isBase64
    ? nodeBuffer
      ? nodeBuffer.from(text, 'base64')
      : decodeWithoutBuffer(text, length)
    : undefined;
  if (bytes?.length !== length) throw invalid(path, 'base64 with padding', new Found(describeText(text)));
  return bytes;
}

function decodeWithoutBuffer(text: string, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (let start = 0; start < text.length; start += 4) {
    let word = 0;
    for (let index = 0; index < 4; index++)
      word = (word << 6) | Math.max(0, ALPHABET.indexOf(text.charAt(start + index)));
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (word >> shift) & 255;
  }
  return bytes;
}

function describeText(text: string): string {
  if (text.length % 4 !== 0) return `text of ${text.length} characters, which is no multiple of 4`;
  const at = text.search(/[^A-Za-z0-9+/]/);
  return `the character "${text.charAt(at)}" at ${at} of ${text.length}`;
}

function findBuffer(): BufferLike | undefined {
  const found: unknown = Reflect.get(globalThis, 'Buffer');
  return isBuffer(found) ? found : undefined;
}

function isBuffer(value: unknown): value is BufferLike {
  return typeof value === 'function' && 'from' in value && 'poolSize' in value;
}
