import { aggregate, type Emit } from './signature.ts';

/** The sum of the values' hashes; NULLs count too, so that a lost row shows. No row gives NULL. */
const checksum =
  (bytes: (sql: string) => string): Emit =>
  ({ aggregate: call, args: [arg = ''] }) =>
    `ergane_checksum_bytes(${call('sum', `ergane_checksum(${bytes(arg)})`)})`;

/** checksum, as Trino computes it: XXH64 of each value, by type. */
export const CHECKSUMS = aggregate(
  ['checksum(boolean) -> varbinary', checksum((sql) => `ergane_long_bytes(CAST(${sql} AS BIGINT))`)],
  ['checksum(bigint) -> varbinary', checksum((sql) => `ergane_long_bytes(${sql})`)],
  ['checksum(double) -> varbinary', checksum((sql) => `ergane_double_bytes(${sql})`)],
  ['checksum(date) -> varbinary', checksum((sql) => `ergane_long_bytes(CAST(${sql} - DATE '1970-01-01' AS BIGINT))`)],
  ['checksum(char(x)) -> varbinary', checksum((sql) => `encode(${sql})`)],
  ['checksum(time(p)) -> varbinary', checksum((sql) => `ergane_long_bytes(${sql})`)],
  ['checksum(interval day to second) -> varbinary', checksum((sql) => `ergane_long_bytes(${sql})`)],
  ['checksum(json) -> varbinary', checksum((sql) => `encode(${sql})`)],
  ['checksum(ipaddress) -> varbinary', checksum((sql) => sql)],
  ['checksum(varchar) -> varbinary', checksum((sql) => `encode(${sql})`)],
  ['checksum(varbinary) -> varbinary', checksum((sql) => sql)],
);
