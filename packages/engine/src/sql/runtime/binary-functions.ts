import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { functionError } from './errors.ts';
import { murmur3, xxhash64 } from './hashes.ts';
import { spookyHash } from './spooky-hash.ts';
import { jsFunction, jsNullFunction, type JsFunction } from './js-function.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

function fromHex(text: string): Uint8Array {
  if (text.length % 2 === 1) throw invalid(`invalid input length ${text.length}`);
  const wrong = /[^0-9a-f]/i.exec(text)?.[0];
  if (wrong !== undefined) throw invalid(`not a hexadecimal digit: "${wrong}" = ${wrong.codePointAt(0)}`);
  return Buffer.from(text, 'hex');
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const text = (bits.match(/.{1,5}/g) ?? [])
    .map((group) => BASE32[Number.parseInt(group.padEnd(5, '0'), 2)] ?? '')
    .join('');
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

function fromBase32(text: string): Uint8Array {
  const trimmed = text.replace(/=+$/, '');
  if ([1, 3, 6].includes(trimmed.length % 8)) throw invalid(`Invalid input length ${trimmed.length}`);
  const bits = Array.from(trimmed, (character) => {
    const value = BASE32.indexOf(character);
    if (value < 0) throw invalid(`Unrecognized character: ${character}`);
    return value.toString(2).padStart(5, '0');
  }).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (group) => Number.parseInt(group, 2));
}

function fromBase64(text: string, url: boolean): Uint8Array {
  const plain = text.replace(/=+$/, '');
  if (
    (plain === '' && text !== '') ||
    !(url ? /^[A-Za-z0-9_-]*$/ : /^[A-Za-z0-9+/]*$/).test(plain) ||
    plain.length % 4 === 1
  ) {
    throw invalid('Illegal base64 character or length');
  }
  return Buffer.from(plain, url ? 'base64url' : 'base64');
}

function padBytes(bytes: Uint8Array, length: bigint, padding: Uint8Array, left: boolean): Uint8Array {
  if (length < 0n || length > 2_147_483_647n) throw invalid('Target length must be in the range [0..2147483647]');
  if (padding.length === 0) throw invalid('Padding bytes must not be empty');
  const size = Number(length);
  if (bytes.length >= size) return bytes.slice(0, size);
  const missing = Uint8Array.from(
    { length: size - bytes.length },
    (_unused, index) => padding[index % padding.length] ?? 0,
  );
  return Buffer.concat(left ? [missing, bytes] : [bytes, missing]);
}

function substrBytes(bytes: Uint8Array, start: bigint, length: bigint): Uint8Array {
  const size = BigInt(bytes.length);
  if (start === 0n || length <= 0n || start > size || -start > size) return new Uint8Array();
  const first = start > 0n ? start - 1n : size + start;
  const end = first + length > size ? size : first + length;
  return bytes.slice(Number(first), Number(end));
}

function view(bytes: Uint8Array, size: number, message: (length: number) => string): DataView {
  if (bytes.length !== size) throw invalid(message(bytes.length));
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function bytesOf(size: number, write: (target: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  write(new DataView(bytes.buffer));
  return bytes;
}

const endian = (size: number) => (length: number) => `expected ${size}-byte input, but got instead: ${length}`;
const ieee = (size: number) => () => `Input floating-point value must be exactly ${size} bytes long`;
const hash = (name: string) => jsFunction(name, ['BLOB'], 'BLOB', (bytes) => createHash(name).update(bytes).digest());
const hmac = (name: string) =>
  jsFunction(`hmac_${name}`, ['BLOB', 'BLOB'], 'BLOB', (bytes, key) => {
    if (key.length === 0) throw functionError('GENERIC_INTERNAL_ERROR', 'Empty key');
    return createHmac(name, key).update(bytes).digest();
  });

const CHECKSUM_PRIME = 0x9e3779b185ebca87n;

/** Functions on bytes. */
export const BINARY_FUNCTIONS: readonly JsFunction[] = [
  ...['md5', 'sha1', 'sha256', 'sha512'].flatMap((name) => [hash(name), hmac(name)]),
  jsFunction('crc32', ['BLOB'], 'BIGINT', (bytes) => BigInt(crc32(bytes))),
  jsNullFunction('checksum', ['BLOB'], 'HUGEINT', (bytes) =>
    bytes === null ? CHECKSUM_PRIME : BigInt.asUintN(64, xxhash64(bytes) * CHECKSUM_PRIME),
  ),
  jsFunction('checksum_bytes', ['HUGEINT'], 'BLOB', (sum) =>
    bytesOf(8, (target) => target.setBigUint64(0, BigInt.asUintN(64, sum), true)),
  ),
  jsFunction('spooky_hash_v2_32', ['BLOB'], 'BLOB', (bytes) =>
    bytesOf(4, (target) => target.setUint32(0, Number(spookyHash(bytes) & 0xffffffffn))),
  ),
  jsFunction('spooky_hash_v2_64', ['BLOB'], 'BLOB', (bytes) =>
    bytesOf(8, (target) => target.setBigUint64(0, spookyHash(bytes))),
  ),
  jsFunction('long_bytes', ['BIGINT'], 'BLOB', (value) => bytesOf(8, (target) => target.setBigInt64(0, value, true))),
  jsFunction('double_bytes', ['DOUBLE'], 'BLOB', (value) => bytesOf(8, (target) => target.setFloat64(0, value, true))),
  jsFunction('murmur3', ['BLOB'], 'BLOB', murmur3),
  jsFunction('xxhash64', ['BLOB'], 'BLOB', (bytes) => bytesOf(8, (target) => target.setBigUint64(0, xxhash64(bytes)))),
  jsFunction('from_hex', ['VARCHAR'], 'BLOB', fromHex),
  jsFunction('to_base32', ['BLOB'], 'VARCHAR', toBase32),
  jsFunction('from_base32', ['VARCHAR'], 'BLOB', fromBase32),
  jsFunction('from_base64', ['VARCHAR', 'BOOLEAN'], 'BLOB', fromBase64),
  jsFunction('to_base64url', ['BLOB'], 'VARCHAR', (bytes) =>
    Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
  ),
  jsFunction('reverse_bytes', ['BLOB'], 'BLOB', (bytes) => bytes.toReversed()),
  jsFunction('pad_bytes', ['BLOB', 'BIGINT', 'BLOB', 'BOOLEAN'], 'BLOB', padBytes),
  jsFunction('substr_bytes', ['BLOB', 'BIGINT', 'BIGINT'], 'BLOB', substrBytes),
  jsFunction('from_big_endian_32', ['BLOB'], 'INTEGER', (bytes) => view(bytes, 4, endian(4)).getInt32(0)),
  jsFunction('from_big_endian_64', ['BLOB'], 'BIGINT', (bytes) => view(bytes, 8, endian(8)).getBigInt64(0)),
  jsFunction('to_big_endian_32', ['INTEGER'], 'BLOB', (value) => bytesOf(4, (target) => target.setInt32(0, value))),
  jsFunction('to_big_endian_64', ['BIGINT'], 'BLOB', (value) => bytesOf(8, (target) => target.setBigInt64(0, value))),
  jsFunction('from_ieee754_32', ['BLOB'], 'FLOAT', (bytes) => view(bytes, 4, ieee(4)).getFloat32(0)),
  jsFunction('from_ieee754_64', ['BLOB'], 'DOUBLE', (bytes) => view(bytes, 8, ieee(8)).getFloat64(0)),
  jsFunction('to_ieee754_32', ['FLOAT'], 'BLOB', (value) => bytesOf(4, (target) => target.setFloat32(0, value))),
  jsFunction('to_ieee754_64', ['DOUBLE'], 'BLOB', (value) => bytesOf(8, (target) => target.setFloat64(0, value))),
];
