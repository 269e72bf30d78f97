import { ErganeError } from '@ergane/protocol';

/** How a connection is protected; the names are libpq's `sslmode` (PostgreSQL documentation, section 34.19). */
export const SSL_MODES = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** Where a database is and who asks. */
export interface PostgresqlConfig {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly sslMode: SslMode;
  /** PEM text, or the path of a PEM file */
  readonly rootCertificate: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  readonly connectTimeoutMs: number;
  readonly applicationName: string;
  /** log in with a token of RDS's IAM authentication */
  readonly iamAuth: boolean;
}

const PREFIX = /^(?:(?:postgres|postgresql|redshift):\/\/)?(?:jdbc:)?(?:postgres|postgresql|redshift):\/\//i;
const PARAMETERS = new Set(
  'user password sslmode ssl sslrootcert sslcert sslkey connect_timeout connectTimeout application_name ApplicationName iam_auth'.split(
    ' ',
  ),
);

/**
 * Parses a connection string: `postgres://user:password@host:port/database?sslmode=verify-full`, or AWS's form with the same parameters,
 * `postgres://jdbc:postgresql://host:port/database?user=…&password=…` (protocol reference, section 6.2). Secrets are already resolved; AWS's
 * `?${secret}` may have become `user:password`. Error messages never carry the text itself, which holds the password.
 * @throws ErganeError CONFIG_INVALID that names the setting
 */
export function parseConnectionString(text: string, setting = 'default'): PostgresqlConfig {
  const rest = text.trim().replace(PREFIX, '');
  if (rest === text.trim()) throw invalid(setting, 'it must begin with postgres:// or postgres://jdbc:postgresql://');
  const url = parseUrl(`postgres://${withNamedCredentials(rest)}`, setting);
  const parameters = url.searchParams;
  for (const name of parameters.keys())
    if (!PARAMETERS.has(name))
      throw invalid(setting, `it does not know the parameter "${name}"; there are ${[...PARAMETERS].join(', ')}`);
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => parameters.get(name)).find((value) => value !== null && value !== '') ?? undefined;
  const user = first('user') ?? decode(url.username);
  if (user === '') throw invalid(setting, 'it names no user: write postgres://user:password@host:port/database');
  if (url.hostname === '') throw invalid(setting, 'it names no host');
  const database = decode(url.pathname.slice(1));
  if (database.includes('/')) throw invalid(setting, 'its path must be one database name');
  const sslMode = parseSslMode(first('sslmode'), first('ssl'), setting);
  const iamAuth = first('iam_auth') === 'true';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? 5432 : Number(url.port),
    database: database === '' ? user : database,
    user,
    password: first('password') ?? (url.password === '' ? undefined : decode(url.password)),
    // a token must not travel in the clear
    sslMode: iamAuth && sslMode === 'prefer' ? 'require' : sslMode,
    iamAuth,
    rootCertificate: first('sslrootcert'),
    clientCertificate: first('sslcert'),
    clientKey: first('sslkey'),
    connectTimeoutMs: parseSeconds(first('connect_timeout', 'connectTimeout'), setting) * 1000,
    applicationName: first('application_name', 'ApplicationName') ?? 'ergane',
  };
}

/** AWS writes `?${secret}` where the driver takes user and password: a bare `user:password` among the parameters. */
function withNamedCredentials(rest: string): string {
  const at = rest.indexOf('?');
  if (at < 0) return rest;
  const parameters = rest.slice(at + 1).split('&');
  const named = parameters.map((parameter) => {
    if (parameter.includes('=') || !parameter.includes(':')) return parameter;
    const colon = parameter.indexOf(':');
    const [user, password] = [parameter.slice(0, colon), parameter.slice(colon + 1)];
    return `user=${encodeURIComponent(user)}&password=${encodeURIComponent(password)}`;
  });
  return `${rest.slice(0, at)}?${named.join('&')}`;
}

function parseUrl(text: string, setting: string): URL {
  if (!URL.canParse(text))
    throw invalid(setting, 'it is no URL; reserved characters of user and password must be percent-encoded');
  return new URL(text);
}

function decode(text: string): string {
  return /%[0-9a-f]{2}/i.test(text) ? decodeURIComponent(text) : text;
}

function parseSslMode(mode: string | undefined, ssl: string | undefined, setting: string): SslMode {
  if (mode === undefined) return ssl === 'true' ? 'verify-full' : 'prefer';
  const found = SSL_MODES.find((name) => name === mode);
  if (found === undefined) throw invalid(setting, `its sslmode is "${mode}"; there are ${SSL_MODES.join(', ')}`);
  return found;
}

function parseSeconds(text: string | undefined, setting: string): number {
  const seconds = Number(text ?? 10);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw invalid(setting, `its connect_timeout is "${text}": it must be a positive number of seconds`);
}

function invalid(setting: string, reason: string): ErganeError {
  return new ErganeError('CONFIG_INVALID', `the connection string in setting ${setting} is invalid: ${reason}`, {
    where: { setting },
  });
}
