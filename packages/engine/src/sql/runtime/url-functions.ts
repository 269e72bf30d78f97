import { functionError } from './errors.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

/** The parts of a URI by RFC 3986's expression; undefined for text that java.net.URI would refuse. */
function parts(url: string): Readonly<Record<string, string>> | undefined {
  if (/[\s"<>\\^`{|}]/.test(url)) return undefined;
  if (/%(?![0-9a-f]{2})/i.test(url)) return undefined;
  const match = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url);
  if (!match) return undefined;
  const [, protocol = '', authority, path = '', query = '', fragment = ''] = match;
  if (protocol !== '' && !/^[a-z][a-z0-9+.-]*$/i.test(protocol)) return undefined;
  const address = /^(?:[^@]*@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority ?? '');
  const isOpaque = protocol !== '' && authority === undefined && !path.startsWith('/');
  return {
    protocol,
    host: address?.[1] ?? '',
    port: address?.[2] ?? '',
    path: isOpaque ? '' : decode(path),
    query: decode(query),
    rawQuery: query,
    fragment: decode(fragment),
  };
}

/** Escapes decoded; what is no UTF-8 becomes the replacement character. */
function decode(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'));
}

function urlPart(url: string, part: string): string | null {
  const value = parts(url)?.[part];
  return value === undefined || (part === 'port' && value === '') ? null : value;
}

function urlParameter(url: string, name: string): string | null {
  const query = parts(url)?.['rawQuery'];
  if (query === undefined || query === '') return null;
  for (const pair of query.split('&')) {
    const [key = '', ...value] = pair.split('=');
    if (decode(key.replaceAll('+', ' ')) === name) return decode(value.join('=').replaceAll('+', ' '));
  }
  return null;
}

function urlEncode(text: string): string {
  return Array.from(Buffer.from(text, 'utf8'), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[A-Za-z0-9*_.-]/.test(character)) return character;
    return character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

function urlDecode(text: string): string {
  if (/%(?![0-9a-f]{2})/i.test(text)) {
    throw functionError('INVALID_FUNCTION_ARGUMENT', 'URLDecoder: Illegal hex characters in escape (%) pattern');
  }
  return decode(text.replaceAll('+', ' '));
}

/** URL functions, as java.net.URI and URLDecoder have it. */
export const URL_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('url_part', ['VARCHAR', 'VARCHAR'], 'VARCHAR', urlPart),
  jsFunction('url_parameter', ['VARCHAR', 'VARCHAR'], 'VARCHAR', urlParameter),
  jsFunction('url_encode', ['VARCHAR'], 'VARCHAR', urlEncode),
  jsFunction('url_decode', ['VARCHAR'], 'VARCHAR', urlDecode),
];
