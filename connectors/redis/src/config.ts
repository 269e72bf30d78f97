import { ErganeError } from '@ergane/protocol';
import type { CallContext, Settings } from '@ergane/sdk';
import { readSchemaConfig } from '@ergane/schemas';
import type { SchemaConfig } from '@ergane/schemas';

/** Where a Redis is, and who asks; plain data, so that connections can be shared by it. */
export interface Place {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** the number of the database; a cluster has 0 alone */
  readonly database: number;
  readonly tls: boolean;
  /** a file of certificates to trust; undefined: the system's */
  readonly certificates: string | undefined;
  readonly cluster: boolean;
}

export interface Config {
  /** undefined: every table says where it is (`redis-endpoint`) */
  readonly place: Place | undefined;
  readonly schemas: SchemaConfig;
  /** keys that inference looks at */
  readonly sampleKeys: number;
  readonly schemaCacheSeconds: number;
  /** about how many keys a split is planned for */
  readonly splitKeys: number;
}

/** As in AWS's connectors for databases, the connection string is in the setting `default`. */
const SETTING = 'default';
const PROTOCOL = /^(rediss?|valkeys?)(\+cluster)?:$/;

/** @throws ErganeError CONFIG_INVALID that names the setting */
export async function readConfig({ settings }: Pick<CallContext, 'settings'>): Promise<Config> {
  const text = await readText(settings, SETTING);
  return {
    place: text === undefined ? undefined : parsePlace(text),
    schemas: await readSchemaConfig(settings),
    sampleKeys: await readCount(settings, 'ergane_schema_sample_items', { fallback: 1000, low: 1, high: 1_000_000 }),
    schemaCacheSeconds: await readCount(settings, 'ergane_schema_cache_seconds', {
      fallback: 300,
      low: 0,
      high: 86_400,
    }),
    splitKeys: await readCount(settings, 'ergane_split_keys', { fallback: 500_000, low: 1, high: 1_000_000_000 }),
  };
}

/** `redis://user:password@host:6379/0`; `rediss` is TLS, `redis+cluster` a cluster, `?ca=FILE` names certificates. */
export function parsePlace(text: string): Place {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [, scheme = '', cluster] = PROTOCOL.exec(url?.protocol ?? '') ?? [];
  if (url === undefined || scheme === '')
    throw invalid(
      `must be a URL such as redis://user:password@host:6379/0 (rediss:// with TLS, redis+cluster:// for a cluster)`,
    );
  const path = url.pathname.replace(/^\//, '');
  if (!/^\d*$/.test(path)) throw invalid(`has the path "${path}": it must be the number of a database`);
  const unknown = [...url.searchParams.keys()].find((name) => name !== 'ca');
  if (unknown !== undefined) throw invalid(`has an unknown parameter "${unknown}": it takes "ca"`);
  return {
    host: url.hostname,
    port: Number(url.port === '' ? 6379 : url.port),
    user: url.username === '' ? undefined : decodeURIComponent(url.username),
    password: url.password === '' ? undefined : decodeURIComponent(url.password),
    database: Number(path),
    tls: scheme.endsWith('s') && scheme !== 'redis',
    certificates: url.searchParams.get('ca') ?? undefined,
    cluster: cluster !== undefined,
  };
}

async function readText(settings: Settings, name: string): Promise<string | undefined> {
  const text = (await settings.get(name))?.trim();
  return text === '' ? undefined : text;
}

interface Range {
  readonly fallback: number;
  readonly low: number;
  readonly high: number;
}

async function readCount(settings: Settings, name: string, { fallback, low, high }: Range): Promise<number> {
  const text = await readText(settings, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw new ErganeError(
    'CONFIG_INVALID',
    `the setting ${name} is "${text}": it must be a whole number from ${low} to ${high}`,
    {
      where: { setting: name },
    },
  );
}

function invalid(what: string): ErganeError {
  return new ErganeError('CONFIG_INVALID', `the setting ${SETTING} ${what}`, { where: { setting: SETTING } });
}
