import { scalar } from './signature.ts';

/** Functions on uuid and ipaddress. */
export const IDENTITIES = scalar(
  ['uuid() -> uuid', 'uuid()'],
  ['contains(varchar, ipaddress) -> boolean', 'ergane_network_contains($1, $2)'],
);
