/** The configuration as the file says it; `${…}` in texts is resolved late (references.ts). Paths are relative to the file's folder. */
export interface ErganeConfig {
  /** by catalog name, in lower case */
  readonly catalogs?: Readonly<Record<string, CatalogConfig>>;
  /** limits of every function that does not set its own */
  readonly functions?: FunctionLimits;
  /** where functions put what is too large for their answer; default `./.ergane/spill` */
  readonly spill?: StoreConfig;
  /** where the server and `ergane query --output s3://…` put results; default `./.ergane/results` */
  readonly results?: StoreConfig;
  /** where `s3://bucket/key` of awsdatacatalog's tables is; default `./.ergane/s3`, a folder a bucket */
  readonly s3?: S3Config;
  /** the file that knows databases and tables of awsdatacatalog; default `./.ergane/metastore.json` */
  readonly metastore?: string;
  readonly engine?: EngineLimits;
  /** what names in a query mean that say less than catalog.schema.table; default: awsdatacatalog and default */
  readonly defaults?: { readonly catalog?: string; readonly schema?: string };
}

export type CatalogConfig = ConnectorCatalog | LambdaCatalog | CommandCatalog | HttpCatalog;

/** A connector of Ergane by its short name (mysql, postgresql, dynamodb, redis, example), or an npm package or file that exports one. */
export interface ConnectorCatalog extends LocalFunction {
  readonly connector: string;
}

/** Any program that speaks the Lambda Runtime API, such as a connector of AWS's in Java. */
export interface CommandCatalog extends LocalFunction {
  readonly command: readonly string[];
  /** `_HANDLER` */
  readonly handler?: string;
  /** its working directory and LAMBDA_TASK_ROOT; default: the folder of the configuration */
  readonly directory?: string;
}

/** A function on AWS Lambda, by ARN or name. */
export interface LambdaCatalog extends RemoteFunction {
  readonly lambda: string;
  /** default: the ARN's, else AWS_REGION */
  readonly region?: string;
  /** another server of Lambda's Invoke API than AWS's */
  readonly endpoint?: string;
}

/** A function of another machine's function host. */
export interface HttpCatalog extends RemoteFunction {
  readonly http: string;
  /** its name there; default: the catalog's */
  readonly function?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RemoteFunction {
  /** invocations at once; default: the engine's */
  readonly concurrency?: number;
  /** of one invocation; default 900 */
  readonly timeoutSeconds?: number;
}

interface LocalFunction extends FunctionLimits {
  /** the function's environment variables: AWS's names, such as `default` */
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  /** whether AWS's variables of your environment (keys, profile, region) reach the function; default: for dynamodb only */
  readonly aws?: boolean;
}

/** Lambda's limits (see @ergane/functions for the defaults). */
export interface FunctionLimits {
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  /** invocations at once */
  readonly concurrency?: number;
  /** environments that are started ahead of work */
  readonly provisionedConcurrency?: number;
  readonly idleSeconds?: number;
  readonly initSeconds?: number;
}

/** A folder, `s3://bucket/prefix`, or `s3+http://key:secret@host:port/bucket/prefix`. */
export interface StoreConfig {
  readonly store: string;
}

/** A folder with a folder a bucket, `s3://` (AWS; `?region=`), or `s3+http://key:secret@host:port`. */
export interface S3Config {
  readonly store: string;
  /** where tables go that name no location; default `s3://warehouse/` in a folder, nowhere else */
  readonly warehouse?: string;
}

export interface EngineLimits {
  /** queries at once */
  readonly workers?: number;
  /** of each worker */
  readonly memoryLimitMb?: number;
}

/** For `ergane.config.ts`: `export default defineConfig({ … })`. */
export function defineConfig(config: ErganeConfig): ErganeConfig {
  return config;
}
