import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** A body within the limit, or how large it is (undefined: unknown, but above the limit). */
export type ReadBody = { readonly body: Uint8Array } | { readonly tooLarge: number | undefined };

/** Reads a request's or response's body, copied once at most; what is above the limit is thrown away as it comes. */
export function readBody(message: IncomingMessage, limit: number): Promise<ReadBody> {
  const header = message.headers['content-length'];
  const announced = header === undefined ? undefined : Number(header);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit && (announced ?? 0) <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
    message.on('error', reject);
    message.on('close', () => {
      if (!message.complete) reject(new Error('the connection was closed within a body'));
    });
    message.on('end', () => {
      if (size > limit) resolve({ tooLarge: size });
      else resolve({ body: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, size) });
    });
  });
}

/** Up to this many bytes a payload is parsed to see whether it is JSON; above, only its ends and its UTF-8 are looked at. */
const PARSED_BYTES = 4096;

/** A cheap check: finds what is no JSON at all (text, HTML, cut-off JSON), not every error. Decoding finds the rest. */
export function looksLikeJson(payload: Uint8Array): boolean {
  if (payload.length <= PARSED_BYTES)
    return isJson(Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8'));
  let first = 0;
  let last = payload.length - 1;
  while (first < last && isSpace(payload[first])) first++;
  while (last > first && isSpace(payload[last])) last--;
  const ends = String.fromCharCode(payload[first] ?? 0, payload[last] ?? 0);
  return (ends === '{}' || ends === '[]' || ends === '""' || /^[-\d]\d$/.test(ends)) && isUtf8(payload);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
