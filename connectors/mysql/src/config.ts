import { ErganeError } from '@ergane/protocol';
import type { Settings } from '@ergane/sdk';
import { ACCEPTED_PARAMETERS, IGNORED_PARAMETERS } from './connection-parameters.ts';

/** As Connector/J names them. PREFERRED: TLS where the server has it; only the VERIFY modes check whose certificate it is. */
export type SslMode = 'DISABLED' | 'PREFERRED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';

/** Where the source is and how it is read. Everything comes from the function's environment. */
export interface MysqlConfig {
  /** the setting that holds the connection string, for messages */
  readonly setting: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string | undefined;
  readonly sslMode: SslMode;
  /** paths of PEM files */
  readonly sslCa: string | undefined;
  readonly sslCert: string | undefined;
  readonly sslKey: string | undefined;
  readonly allowPublicKeyRetrieval: boolean;
  readonly connectTimeoutMs: number;
  /** dates that are not in the calendar, such as 0000-00-00 */
  readonly zeroDates: 'error' | 'null';
  /** log in with a token of RDS's IAM authentication, made for this region */
  readonly iamRegion: string | undefined;
  /** a split is about so many bytes of the table */
  readonly splitBytes: number;
}

const SPLIT_BYTES = 64 * 1024 * 1024;
const SSL_MODES: readonly string[] = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'];

/**
 * The configuration of a catalog: `<catalog>_connection_string`, else `default`. The string is AWS's
 * `mysql://jdbc:mysql://host:port/database?user=…&password=…` (or with `${secret}`), or `mysql://user:password@host:port/database?…`.
 * @throws ErganeError CONFIG_INVALID that names the setting, never the password
 */
export async function readConfig(settings: Settings, catalogName: string): Promise<MysqlConfig> {
  const own = `${catalogName}_connection_string`;
  const setting = (await settings.get(own)) === undefined ? 'default' : own;
  const text = await settings.require(setting);
  const region = (await settings.get('AWS_REGION')) ?? (await settings.get('AWS_DEFAULT_REGION'));
  const splitBytes = parsePositive(await settings.get('ergane_split_bytes'), 'ergane_split_bytes') ?? SPLIT_BYTES;
  return parseConnectionString(text, { setting, region, splitBytes });
}

export interface ConnectionStringContext {
  readonly setting: string;
  readonly region: string | undefined;
  readonly splitBytes: number;
}

export function parseConnectionString(text: string, context: ConnectionStringContext): MysqlConfig {
  const { setting } = context;
  const url = parseUrl(text, setting);
  const parameters = readParameters(url.search, setting);
  const user = decode(url.username, setting) || parameters.get('user');
  if (user === undefined || user === '')
    throw invalid(setting, 'names no user: add ?user=…&password=…, ?${secret}, or user:password@ before the host');
  const timeout = parsePositive(parameters.get('connecttimeout'), setting) ?? 10_000;
  const isIam = parameters.get('iam') === 'true';
  if (isIam && context.region === undefined) throw invalid(setting, 'has iam=true, which needs AWS_REGION');
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    setting,
    host,
    port: url.port === '' ? 3306 : Number(url.port),
    user,
    password: decode(url.password, setting) || (parameters.get('password') ?? ''),
    database: decode(url.pathname.slice(1), setting) || undefined,
    sslMode: isIam ? atLeastRequired(readSslMode(parameters, host, setting)) : readSslMode(parameters, host, setting),
    sslCa: parameters.get('sslca'),
    sslCert: parameters.get('sslcert'),
    sslKey: parameters.get('sslkey'),
    allowPublicKeyRetrieval: parameters.get('allowpublickeyretrieval') === 'true' || isLoopback(host),
    connectTimeoutMs: timeout,
    zeroDates: /^convert_?to_?null$/i.test(parameters.get('zerodatetimebehavior') ?? '') ? 'null' : 'error',
    iamRegion: isIam ? context.region : undefined,
    splitBytes: context.splitBytes,
  };
}

function parseUrl(text: string, setting: string): URL {
  const bare = text
    .trim()
    .replace(/^(mysql|mariadb):\/\/(?=jdbc:)/i, '')
    .replace(/^jdbc:/i, '');
  const match = /^(mysql|mariadb):\/\/(.*)$/is.exec(bare);
  if (match === null)
    throw invalid(
      setting,
      'is no connection string: write mysql://jdbc:mysql://host:3306/database?user=…&password=…, or mysql://user:password@host:3306/database',
    );
  const [authority = ''] = (match[2] ?? '').split(/[/?]/);
  if (authority.replace(/^.*@/, '').includes(','))
    throw invalid(setting, 'names several hosts: name one, such as the cluster endpoint');
  try {
    // a scheme that the URL parser knows lower-cases the host and checks it
    return new URL(`http://${match[2]?.replace(/^([^/?]*)$/, '$1/')}`);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw invalid(
      setting,
      'has a host or port that cannot be read: it must be host:port; encode @, /, ? and # in user and password as %40, %2F, %3F, %23',
    );
  }
}

/** The parameters by lower-case name. Unlike URLSearchParams, + stays +: passwords have it. */
function readParameters(search: string, setting: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of search.replace(/^\?/, '').split('&')) {
    if (pair === '') continue;
    const [rawName = ''] = pair.split('=', 1);
    const name = decode(rawName, setting).toLowerCase();
    if (!ACCEPTED_PARAMETERS.has(name) && !IGNORED_PARAMETERS.has(name))
      throw invalid(
        setting,
        `has the parameter "${rawName}", which this connector does not know: remove it, or correct its spelling`,
      );
    parameters.set(name, decode(pair.slice(rawName.length + 1), setting));
  }
  return parameters;
}

function readSslMode(parameters: ReadonlyMap<string, string>, host: string, setting: string): SslMode {
  const text = parameters.get('sslmode')?.toUpperCase().replace('-', '_');
  if (text !== undefined) {
    if (isSslMode(text)) return text;
    throw invalid(setting, `has sslMode=${text}: it must be one of ${SSL_MODES.join(', ')}`);
  }
  if (parameters.get('verifyservercertificate') === 'true') return 'VERIFY_CA';
  if (parameters.get('requiressl') === 'true') return 'REQUIRED';
  const useSsl = parameters.get('usessl');
  if (useSsl !== undefined) return useSsl === 'true' ? 'PREFERRED' : 'DISABLED';
  if (parameters.has('sslca')) return 'VERIFY_IDENTITY';
  return isLoopback(host) ? 'DISABLED' : 'PREFERRED';
}

function atLeastRequired(mode: SslMode): SslMode {
  return mode === 'DISABLED' || mode === 'PREFERRED' ? 'REQUIRED' : mode;
}

function isSslMode(text: string): text is SslMode {
  return SSL_MODES.includes(text);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function parsePositive(text: string | undefined, setting: string): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw invalid(setting, `has "${text}" where a positive number must be`);
}

function decode(text: string, setting: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    if (!(cause instanceof URIError)) throw cause;
    throw invalid(setting, 'has a % that is not followed by two hexadecimal digits: write % itself as %25');
  }
}

function invalid(setting: string, problem: string): ErganeError {
  return new ErganeError('CONFIG_INVALID', `the setting ${setting} ${problem}`, { where: { setting } });
}
