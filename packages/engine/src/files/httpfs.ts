import { quoteText } from './quote.ts';

/** DuckDB's own S3 client (https://duckdb.org/docs/stable/core_extensions/httpfs/s3api). */
export interface HttpfsOptions {
  /** the extension's file; default: the one that is installed for this user */
  readonly extension?: string;
  /** such as `http://127.0.0.1:9000`; default: AWS */
  readonly endpoint?: string;
  readonly region?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/** The statements that load the extension and tell it endpoint and credentials. */
export function httpfsSetup({ extension, endpoint, region, credentials }: HttpfsOptions): readonly string[] {
  const url = endpoint === undefined ? undefined : new URL(endpoint);
  const settings: Readonly<Record<string, string | undefined>> = {
    KEY_ID: credentials?.accessKeyId,
    SECRET: credentials?.secretAccessKey,
    SESSION_TOKEN: credentials?.sessionToken,
    REGION: region ?? (url === undefined ? undefined : 'us-east-1'),
    ENDPOINT: url?.host,
    ...(url === undefined ? {} : { URL_STYLE: 'path', USE_SSL: String(url.protocol === 'https:') }),
  };
  const options = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${quoteText(value)}`],
  );
  return [
    extension === undefined ? 'LOAD httpfs' : `LOAD ${quoteText(extension)}`,
    `CREATE SECRET ergane_s3 (${['TYPE s3', ...options].join(', ')})`,
  ];
}
