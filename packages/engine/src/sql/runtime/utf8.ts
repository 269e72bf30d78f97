/**
 * The length of the wrong sequence at a place of UTF-8, 0 where it is sound: as many bytes as belong together, so that an overlong
 * or a surrogate is one mistake, as in Trino (airlift's SliceUtf8).
 */
function wrongLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 0;
  if (first < 0xc0 || first >= 0xfe) return 1;
  const wanted = first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf8 ? 3 : first < 0xfc ? 4 : 5;
  let code = first & (0x3f >> wanted);
  for (let index = 1; index <= wanted; index++) {
    const byte = bytes[at + index];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return index;
    code = code * 64 + (byte & 0x3f);
  }
  const least = [0, 0x80, 0x800, 0x10000][wanted];
  const isWrong = least === undefined || code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff);
  return isWrong ? wanted + 1 : 0;
}

/** Reads UTF-8; every wrong sequence becomes the replacement. */
export function decodeUtf8(bytes: Uint8Array, replacement: string): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let start = 0;
  for (let at = 0; at < bytes.length;) {
    const wrong = wrongLength(bytes, at);
    if (wrong > 0) text += decoder.decode(bytes.subarray(start, at)) + replacement;
    const first = bytes[at] ?? 0;
    at += wrong > 0 ? wrong : first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (wrong > 0) start = at;
  }
  return text + decoder.decode(bytes.subarray(start));
}
