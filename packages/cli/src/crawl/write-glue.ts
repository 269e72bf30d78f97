import { ErganeError } from '@ergane/protocol';
import type { TableInput } from '@aws-sdk/client-glue';
import type { CrawledTable } from './crawl-tables.ts';
import { glueType } from './glue-type.ts';

/**
 * Creates or replaces the tables in a database of the AWS Glue Data Catalog, with the parameters that make them the connector's.
 * Needs AWS_REGION (or AWS_ENDPOINT_URL_GLUE), and glue:CreateTable and glue:UpdateTable.
 */
export async function writeGlue(
  tables: readonly CrawledTable[],
  database: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { CreateTableCommand, GlueClient, UpdateTableCommand } = await import('@aws-sdk/client-glue');
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  const endpoint = environment['AWS_ENDPOINT_URL_GLUE'] ?? environment['AWS_ENDPOINT_URL'];
  if (region === undefined)
    throw new ErganeError('CONFIG_INVALID', '--glue needs AWS_REGION: set it to the region of the Data Catalog');
  const client = new GlueClient({ region, ...(endpoint !== undefined && { endpoint }) });
  try {
    for (const TableInput of tables.flatMap(toGlueTable)) {
      try {
        await client.send(new CreateTableCommand({ DatabaseName: database, TableInput }));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'AlreadyExistsException') throw error;
        await client.send(new UpdateTableCommand({ DatabaseName: database, TableInput }));
      }
    }
  } catch (cause) {
    if (!(cause instanceof Error) || cause instanceof ErganeError) throw cause;
    throw new ErganeError(
      cause.name.includes('AccessDenied') ? 'SOURCE_ACCESS_DENIED' : 'SOURCE_FAILED',
      `the Glue Data Catalog did not take the definitions into database "${database}": ${cause.message}`,
      { cause },
    );
  } finally {
    client.destroy();
  }
}

function toGlueTable({ table, inferred }: CrawledTable): readonly TableInput[] {
  if (inferred === undefined) return [];
  const renamed = inferred.columns.flatMap(({ name }) => {
    const source = inferred.seen[name]?.source ?? name;
    return source === name ? [] : [`${name}=${source}`];
  });
  return [
    {
      Name: table.toLowerCase(),
      TableType: 'EXTERNAL_TABLE',
      Parameters: {
        ...inferred.parameters,
        sourceTable: inferred.sourceTable,
        ...(renamed.length > 0 && { columnMapping: renamed.join(',') }),
      },
      StorageDescriptor: { Columns: inferred.columns.map(({ name, type }) => ({ Name: name, Type: glueType(type) })) },
    },
  ];
}
