import { functionError } from './errors.ts';
import { parseAddress, printAddress } from './address.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

const badCast = (message: string) => functionError('INVALID_CAST_ARGUMENT', message);

function toUuid(text: string): string {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw badCast(`Cannot cast value to UUID: ${text}`);
  return text.toLowerCase();
}

function bytesToUuid(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw badCast(`Invalid UUID binary length: ${bytes.length}`);
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function toAddress(text: string): Uint8Array {
  const bytes = parseAddress(text);
  if (!bytes) throw badCast(`Cannot cast value to IPADDRESS: ${text}`);
  return bytes;
}

function bytesToAddress(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 16) return bytes;
  if (bytes.length !== 4) throw badCast(`Invalid IP address binary length: ${bytes.length}`);
  return new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...bytes]);
}

/** Whether an address lies in a network such as `10.0.0.0/8`. */
function networkContains(network: string, address: Uint8Array): boolean {
  const [base = '', prefix = '', ...more] = network.split('/');
  const bytes = parseAddress(base);
  if (!bytes || more.length > 0) throw functionError('INVALID_FUNCTION_ARGUMENT', `Invalid CIDR: ${network}`);
  const isFour = !base.includes(':');
  const length = /^-?\d+$/.test(prefix) ? Number(prefix) : NaN;
  if (!(length >= 0 && length <= (isFour ? 32 : 128)))
    throw functionError('INVALID_FUNCTION_ARGUMENT', 'Invalid prefix length');
  if (!isFour && length === 0) return true;
  const isMapped = address.subarray(0, 10).every((byte) => byte === 0) && address[10] === 255 && address[11] === 255;
  if (isFour !== isMapped) return false;
  const bits = isFour ? length + 96 : length;
  return bytes.every((byte, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (byte & mask) === ((address[index] ?? 0) & mask);
  });
}

/** uuid and ipaddress. */
export const IDENTITY_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('text_to_uuid', ['VARCHAR'], 'VARCHAR', toUuid),
  jsFunction('uuid_of_bytes', ['BLOB'], 'VARCHAR', bytesToUuid),
  jsFunction('text_to_ipaddress', ['VARCHAR'], 'BLOB', toAddress),
  jsFunction('bytes_to_ipaddress', ['BLOB'], 'BLOB', bytesToAddress),
  jsFunction('ipaddress_text', ['BLOB'], 'VARCHAR', printAddress),
  jsFunction('network_contains', ['VARCHAR', 'BLOB'], 'BOOLEAN', networkContains),
];
