import { LATEST_SERDE_VERSION, type PingResponse, type SerDeVersion } from './messages.ts';
import { invalid } from './invalid.ts';

/**
 * The version in which to speak to a function that answered a ping so: the smaller of its own and ours (section 1.3).
 * @throws ErganeError PROTOCOL_INVALID for version 1 (or none), which is not spoken here
 */
export function negotiateVersion(ping: PingResponse): SerDeVersion {
  const spoken = Math.min(ping.serDeVersion, LATEST_SERDE_VERSION);
  switch (spoken) {
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return spoken;
    default:
      throw invalid('PingResponse.serDeVersion', 'version 2 or later', ping.serDeVersion);
  }
}
