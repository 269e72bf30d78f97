import { ErganeError } from '../errors.ts';
import { zoneKeyOf, zoneOfKey } from './zone-key.ts';

/** milliseconds that fit beside the zone in 64 bits: about 71,000 years either way */
const MAX_MILLIS = 2n ** 51n;

export interface ZonedTimestamp {
  /** since 1970-01-01T00:00:00Z */
  readonly millis: bigint;
  /** a name, an offset such as `+05:30`, or `UTC` */
  readonly zone: string;
}

/**
 * A TIMESTAMP WITH TIME ZONE as the wire has it: milliseconds above 12 bits of zone key (section 2.5).
 * @throws ErganeError NOT_SUPPORTED for an unknown zone, NUMERIC_VALUE_OUT_OF_RANGE for an instant that does not fit
 */
export function packTimestampTz(millis: bigint, zone: string): bigint {
  if (millis >= MAX_MILLIS || millis < -MAX_MILLIS)
    throw new ErganeError(
      'NUMERIC_VALUE_OUT_OF_RANGE',
      `${millis} milliseconds since 1970 do not fit a timestamp with time zone`,
    );
  return (millis << 12n) | BigInt(zoneKeyOf(zone));
}

/** @throws ErganeError PROTOCOL_INVALID for a zone key that is not given */
export function unpackTimestampTz(packed: bigint): ZonedTimestamp {
  const key = Number(packed & 0xfffn);
  const zone = zoneOfKey(key);
  if (zone === undefined)
    throw new ErganeError(
      'PROTOCOL_INVALID',
      `timestamp with time zone ${packed}: expected a time zone's number, found ${key}`,
    );
  return { millis: packed >> 12n, zone };
}
