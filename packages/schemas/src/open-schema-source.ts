import { ErganeError } from '@ergane/protocol';
import type { Settings } from '@ergane/sdk';
import { DEFINITIONS_SETTING, makeDefinitionSource } from './definitions.ts';
import { makeGlueSource } from './glue-source.ts';
import type { GlueConfig } from './glue-source.ts';
import type { GlueDialect } from './glue-table.ts';
import { joinSources } from './table-definition.ts';
import type { SchemaSource } from './table-definition.ts';

/** What a function's settings say of where its tables are defined; plain data, so that a connector may compare and remember it. */
export interface SchemaConfig {
  readonly definitions: string | undefined;
  readonly glue: GlueConfig | undefined;
}

/**
 * Settings: `ergane_table_definitions`; the Glue Data Catalog is asked when `AWS_ENDPOINT_URL_GLUE` (or AWS's `GLUE_ENDPOINT`) is set, when
 * `ergane_glue` is true, or on AWS Lambda itself, but never when `disable_glue` is there (with any value but `false`, as in AWS's
 * connectors). `glue_catalog` is the account whose catalog it is.
 * @throws ErganeError CONFIG_INVALID that names the setting
 */
export async function readSchemaConfig(settings: Settings): Promise<SchemaConfig> {
  const [definitions, endpoint, oldEndpoint, enabled, disabled, environment] = await Promise.all(
    [
      DEFINITIONS_SETTING,
      'AWS_ENDPOINT_URL_GLUE',
      'GLUE_ENDPOINT',
      'ergane_glue',
      'disable_glue',
      'AWS_EXECUTION_ENV',
    ].map((name) => settings.get(name)),
  );
  if (enabled !== undefined && !['true', 'false', ''].includes(enabled))
    throw new ErganeError('CONFIG_INVALID', `the setting ergane_glue is "${enabled}": it must be true or false`, {
      where: { setting: 'ergane_glue' },
    });
  const onLambda = environment?.startsWith('AWS_Lambda_') === true;
  const wanted = enabled === 'true' || (enabled !== 'false' && (onLambda || Boolean(endpoint ?? oldEndpoint)));
  const off = disabled !== undefined && disabled !== 'false';
  return {
    definitions: definitions?.trim() === '' ? undefined : definitions,
    glue: !wanted || off ? undefined : await readGlueConfig(settings, endpoint ?? oldEndpoint),
  };
}

async function readGlueConfig(settings: Settings, endpoint: string | undefined): Promise<GlueConfig> {
  const [region, defaultRegion, catalogId] = await Promise.all(
    ['AWS_REGION', 'AWS_DEFAULT_REGION', 'glue_catalog'].map((name) => settings.get(name)),
  );
  return { region: region ?? defaultRegion, endpoint, catalogId };
}

/** The sources of a configuration: definitions first, then Glue. */
export function openSchemaSource({ definitions, glue }: SchemaConfig, dialect: GlueDialect): SchemaSource {
  return joinSources([
    ...(definitions === undefined ? [] : [makeDefinitionSource(definitions, dialect)]),
    ...(glue === undefined ? [] : [makeGlueSource(glue, dialect)]),
  ]);
}
