import { ErganeError } from '@ergane/protocol';
import type { Place } from './config.ts';

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EPIPE',
]);
const BUSY = /^(BUSY|LOADING|TRYAGAIN|MASTERDOWN|CLUSTERDOWN|OOM)\b/;

/** Redis cannot answer now, and can later. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && /^(LOADING|TRYAGAIN)\b/.test(error.message);
}

/** What went wrong, in the user's words: which server, which permission, what to do. */
export function toErganeError(error: unknown, place: Place, signal: AbortSignal): unknown {
  if (error instanceof ErganeError) return error;
  if (signal.aborted) return signal.reason;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const at = `${place.host}:${place.port}`;
  const make = (found: ConstructorParameters<typeof ErganeError>[0], text: string): ErganeError =>
    new ErganeError(found, text, { cause: error });
  if (/^(NOAUTH|WRONGPASS|NOPERM)\b|invalid password|AUTH failed/i.test(message))
    return make(
      'SOURCE_ACCESS_DENIED',
      `Redis at ${at} refused: ${message}; check user and password in the setting default, and that the user may run the command on these keys (ACL: +@read +@connection +cluster ~<keys>)`,
    );
  if (/certificate|self.signed|TLS|SSL/i.test(message) || code.startsWith('ERR_TLS'))
    return make(
      'SOURCE_UNREACHABLE',
      `no TLS connection to Redis at ${at}: ${message}; name its certificates by ?ca=FILE in the setting default`,
    );
  if (UNREACHABLE.has(code) || /Connection is closed|connect|timed out|max retries/i.test(message))
    return make(
      'SOURCE_UNREACHABLE',
      `Redis at ${at} could not be reached (${message}): check the setting default and the network`,
    );
  if (BUSY.test(message)) return make('SOURCE_UNREACHABLE', `Redis at ${at} cannot answer now: ${message}`);
  return make('SOURCE_FAILED', `Redis at ${at} failed: ${message}`);
}
