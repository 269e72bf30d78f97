import type { CatalogConfig } from '../config/config.ts';
import { resolveText, secretVariable, type Environment } from '../config/references.ts';
import { isDirectory, type StorePlace } from '../config/stores.ts';

/** How a program finds AWS: what `aws: true` hands to a function. */
const AWS_VARIABLES = /^AWS_(?!LAMBDA_)[A-Z0-9_]+$/;

export interface FunctionSurroundings {
  /** of the command line itself */
  readonly environment: Environment;
  readonly spill: StorePlace;
}

type LocalCatalog = Extract<CatalogConfig, { readonly env?: unknown }>;

/**
 * The environment of a catalog's function: its `env` with references filled in, the secrets that it names and no others, where to spill,
 * and AWS's variables where the catalog may have them. `${secret:name}` reaches the function as `${name}`, which the SDK (and AWS's
 * own connectors) look up: from `ERGANE_SECRET_<NAME>`, which is handed on, or from AWS Secrets Manager.
 */
export function makeFunctionEnvironment(
  catalogName: string,
  catalog: LocalCatalog,
  { environment, spill }: FunctionSurroundings,
): Record<string, string> {
  const secrets: Record<string, string> = {};
  const onSecret = (name: string): string => {
    const variable = secretVariable(name);
    const value = environment[variable];
    if (value !== undefined) secrets[variable] = value;
    return `\${${name}}`;
  };
  const own = Object.entries(catalog.env ?? {}).map(([name, value]): [string, string] => {
    const setting = `catalogs.${catalogName}.env.${name}`;
    return [name, typeof value === 'string' ? resolveText(value, { environment, setting, onSecret }) : String(value)];
  });
  return {
    ...(needsAws(catalog, spill) && pickAws(environment)),
    spill_bucket: spill.bucket,
    spill_prefix: spill.prefix,
    ...(spill.url !== 's3://' && { ergane_spill_store: spill.url }),
    ...Object.fromEntries(own),
    ...secrets,
  };
}

function needsAws(catalog: LocalCatalog, spill: StorePlace): boolean {
  if (catalog.aws !== undefined) return catalog.aws;
  return (
    ('connector' in catalog && catalog.connector === 'dynamodb') || (!isDirectory(spill) && spill.url.startsWith('s3:'))
  );
}

function pickAws(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      (entry): entry is [string, string] => AWS_VARIABLES.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}
