import { scalar, type Entry } from './signature.ts';

const simple = (name: string, parameters: string, result: string): Entry => [
  `${name}(${parameters}) -> ${result}`,
  `ergane_${name}($*)`,
];

/** Functions on varbinary. */
export const BINARY = scalar(
  ...['md5', 'sha1', 'sha256', 'sha512', 'murmur3', 'xxhash64', 'spooky_hash_v2_32', 'spooky_hash_v2_64'].map((name) =>
    simple(name, 'varbinary', 'varbinary'),
  ),
  ...['hmac_md5', 'hmac_sha1', 'hmac_sha256', 'hmac_sha512'].map((name) =>
    simple(name, 'varbinary, varbinary', 'varbinary'),
  ),
  simple('crc32', 'varbinary', 'bigint'),
  ['to_hex(varbinary) -> varchar', 'hex($1)'],
  ['from_hex(varchar) -> varbinary', 'ergane_from_hex($1)'],
  ['from_hex(varbinary) -> varbinary', 'ergane_from_hex(decode($1))'],
  ['to_base64(varbinary) -> varchar', 'base64($1)'],
  ['from_base64(varchar) -> varbinary', 'ergane_from_base64($1, false)'],
  ['from_base64(varbinary) -> varbinary', 'ergane_from_base64(decode($1), false)'],
  ['to_base64url(varbinary) -> varchar', 'ergane_to_base64url($1)'],
  ['from_base64url(varchar) -> varbinary', 'ergane_from_base64($1, true)'],
  simple('to_base32', 'varbinary', 'varchar'),
  simple('from_base32', 'varchar', 'varbinary'),
  simple('from_big_endian_32', 'varbinary', 'integer'),
  simple('from_big_endian_64', 'varbinary', 'bigint'),
  simple('to_big_endian_32', 'integer', 'varbinary'),
  simple('to_big_endian_64', 'bigint', 'varbinary'),
  simple('from_ieee754_32', 'varbinary', 'real'),
  simple('from_ieee754_64', 'varbinary', 'double'),
  simple('to_ieee754_32', 'real', 'varbinary'),
  simple('to_ieee754_64', 'double', 'varbinary'),
);
