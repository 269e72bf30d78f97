import { ErganeError } from '@ergane/protocol';
import type { CallContext, Settings } from '@ergane/sdk';
import { readSchemaConfig } from '@ergane/schemas';
import type { SchemaConfig } from '@ergane/schemas';

/** Where DynamoDB is, and who asks. */
export interface ClientConfig {
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
  /** from the function's own settings; undefined: the AWS SDK's default chain */
  readonly accessKey:
    { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string } | undefined;
  /** a role of another account, assumed with these credentials */
  readonly roleArn: string | undefined;
  /** where roles are assumed; undefined: AWS's */
  readonly roleEndpoint: string | undefined;
}

export interface Config {
  readonly client: ClientConfig;
  readonly schemas: SchemaConfig;
  /** items that inference reads of a table */
  readonly sampleItems: number;
  /** seconds that a table's description and inferred schema are kept */
  readonly schemaCacheSeconds: number;
  readonly consistentRead: boolean;
  /** segments of a parallel Scan; undefined: by the table's size */
  readonly scanSegments: number | undefined;
}

const LARGEST_SEGMENTS = 1_000_000;

/** @throws ErganeError CONFIG_INVALID that names the setting */
export async function readConfig({ settings }: Pick<CallContext, 'settings'>): Promise<Config> {
  return {
    client: await readClientConfig(settings),
    schemas: await readSchemaConfig(settings),
    sampleItems: (await readCount(settings, 'ergane_schema_sample_items', [1, 1_000_000])) ?? 1000,
    schemaCacheSeconds: (await readCount(settings, 'ergane_schema_cache_seconds', [0, 86_400])) ?? 300,
    consistentRead: await readFlag(settings, 'ergane_consistent_read'),
    scanSegments: await readCount(settings, 'ergane_scan_segments', [1, LARGEST_SEGMENTS]),
  };
}

async function readClientConfig(settings: Settings): Promise<ClientConfig> {
  const endpoint = await readEndpoint(settings);
  const region = (await readText(settings, 'AWS_REGION')) ?? (await readText(settings, 'AWS_DEFAULT_REGION'));
  const accessKeyId = (await readText(settings, 'AWS_ACCESS_KEY_ID')) ?? decode(endpoint?.username);
  const secretAccessKey = (await readText(settings, 'AWS_SECRET_ACCESS_KEY')) ?? decode(endpoint?.password);
  const sessionToken = await readText(settings, 'AWS_SESSION_TOKEN');
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw invalid(
      accessKeyId === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY',
      'is missing: an access key needs both its id and its secret',
    );
  return {
    // an endpoint of one's own has no region, but a signature needs one
    region: region ?? (endpoint === undefined ? undefined : 'us-east-1'),
    endpoint: endpoint === undefined ? undefined : printEndpoint(endpoint),
    accessKey:
      accessKeyId === undefined || secretAccessKey === undefined
        ? undefined
        : { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    roleArn: await readText(settings, 'cross_account_role_arn'),
    roleEndpoint: await readText(settings, 'AWS_ENDPOINT_URL_STS'),
  };
}

function decode(part: string | undefined): string | undefined {
  return part === undefined || part === '' ? undefined : decodeURIComponent(part);
}

/** `http://key:secret@host:port` brings its credentials along. */
async function readEndpoint(settings: Settings): Promise<URL | undefined> {
  for (const name of ['AWS_ENDPOINT_URL_DYNAMODB', 'AWS_ENDPOINT_URL']) {
    const text = await readText(settings, name);
    if (text === undefined) continue;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw invalid(
        name,
        `is "${hidePassword(text)}": it must be a URL such as https://dynamodb.eu-west-1.amazonaws.com`,
      );
    return url;
  }
  return undefined;
}

function hidePassword(text: string): string {
  return text.replace(/:[^:@/]*@/, ':***@');
}

function printEndpoint(url: URL): string {
  return `${url.origin}${url.pathname === '/' ? '' : url.pathname}`;
}

async function readText(settings: Settings, name: string): Promise<string | undefined> {
  const text = (await settings.get(name))?.trim();
  return text === '' ? undefined : text;
}

async function readCount(
  settings: Settings,
  name: string,
  [low, high]: readonly [number, number],
): Promise<number | undefined> {
  const text = await readText(settings, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= low && value <= high) return value;
  throw invalid(name, `is "${text}": it must be a whole number from ${low} to ${high}`);
}

async function readFlag(settings: Settings, name: string): Promise<boolean> {
  const text = await readText(settings, name);
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw invalid(name, `is "${text}": it must be true or false`);
}

function invalid(setting: string, what: string): ErganeError {
  return new ErganeError('CONFIG_INVALID', `the setting ${setting} ${what}`, { where: { setting } });
}
