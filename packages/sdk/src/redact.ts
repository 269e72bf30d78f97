import { ErganeError } from '@ergane/protocol';
import type { Environment } from './settings.ts';

/** Hides secrets in what leaves the function: messages, stack traces, causes and log lines. */
export interface Redaction {
  /** Learns a secret, whole or as JSON of user and password. */
  add(secret: string): void;
  text(text: string): string;
  error(error: ErganeError): ErganeError;
}

const HIDDEN = '***';
/** Shorter ones would hide parts of ordinary words. */
const SHORTEST = 4;
const PASSWORD_IN_URL = /:\/\/[^\s/:@]*:([^\s/@]+)@/g;
const PASSWORD_PARAMETER = /[?&;\s]password=([^&;\s]+)/gi;

/** The passwords in the URLs of an environment are known from the start. */
export function makeRedaction(environment: Environment): Redaction {
  const secrets = new Set<string>();
  const add = (secret: string): void => {
    const text = secret.trim();
    if (text.length < SHORTEST || text.includes('${')) return;
    secrets.add(text);
    secrets.add(encodeURIComponent(text));
    if (text.includes('%')) secrets.add(decode(text));
    for (const password of passwordsOf(text)) add(password);
  };
  for (const [name, value = ''] of Object.entries(environment)) {
    if (name.startsWith('ERGANE_SECRET_')) add(value);
    for (const pattern of [PASSWORD_IN_URL, PASSWORD_PARAMETER])
      for (const [, password = ''] of value.matchAll(pattern)) add(password);
  }
  const hide = (text: string): string => {
    let hidden = text;
    for (const secret of [...secrets].sort((left, right) => right.length - left.length))
      if (hidden.includes(secret)) hidden = hidden.replaceAll(secret, HIDDEN);
    return hidden;
  };
  return {
    add,
    text: hide,
    error(error) {
      const where = Object.entries(error.where).map(([key, value]) => [
        key,
        typeof value === 'string' ? hide(value) : value,
      ]);
      const cause = error.cause === undefined ? undefined : hideCause(error.cause, hide);
      const redacted = new ErganeError(error.code, hide(error.message), { where: Object.fromEntries(where), cause });
      redacted.stack = hide(error.stack ?? '');
      return redacted;
    },
  };
}

function hideCause(cause: unknown, hide: (text: string) => string): unknown {
  if (!(cause instanceof Error)) return hide(String(cause));
  const inner = cause.cause === undefined ? undefined : { cause: hideCause(cause.cause, hide) };
  const redacted = new Error(hide(cause.message), inner);
  redacted.name = cause.name;
  redacted.stack = hide(cause.stack ?? '');
  return redacted;
}

function passwordsOf(text: string): string[] {
  if (!text.startsWith('{')) return [];
  return [...text.matchAll(/"(?:password|token|secret)"\s*:\s*"((?:[^"\\]|\\.)*)"/gi)].map(
    ([, password = '']) => password,
  );
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
