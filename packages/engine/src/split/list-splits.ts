import { EXTENSIONS, ErganeError } from '@ergane/protocol';
import type { GetSplitsResponse, Split } from '@ergane/protocol';
import { callFunction } from '../invoke/call-function.ts';
import type { FunctionAnswer } from '../invoke/call-function.ts';
import type { TableScan } from '../plan/table-scan.ts';
import type { QueryContext } from '../query-context.ts';
import type { ScanStatistics } from '../explain/scan-statistics.ts';

/**
 * The splits of a scan: `GetTableLayout` leaves the partitions that the constraints allow, `GetSplits` divides them, a page at a
 * time and only as far as the reader asks (sections 4.1 and 4.5).
 */
export async function* listSplits(
  context: QueryContext,
  scan: TableScan,
  statistics: ScanStatistics,
): AsyncGenerator<Split> {
  const { functionName, version, catalogName, tableName, constraints, partitionColumns } = scan;
  const shared = {
    identity: identityFor(context, scan),
    queryId: context.queryId,
    catalogName,
    tableName,
    constraints,
  };
  const call = { functionName, version, signal: context.signal };
  const layout = await callFunction(
    context.invoker,
    { ...call, request: { type: 'GetTableLayoutRequest', ...shared, schema: scan.tableSchema, partitionColumns } },
    ['GetTableLayoutResponse'],
  );
  const { partitions } = layout.response;
  statistics.partitions = partitions.batch.numRows;
  if (partitions.batch.numRows === 0) return;
  let continuationToken: string | null = null;
  do {
    const { response }: FunctionAnswer<GetSplitsResponse> = await callFunction(
      context.invoker,
      { ...call, request: { type: 'GetSplitsRequest', ...shared, partitions, partitionColumns, continuationToken } },
      ['GetSplitsResponse'],
    );
    statistics.addSplits(response.splits.length, response.extra?.['explain']);
    yield* response.splits;
    if (response.continuationToken !== null && response.continuationToken === continuationToken)
      throw new ErganeError('PROTOCOL_INVALID', `function ${functionName} pages its splits without end`, {
        where: { function: functionName, table: tableName.tableName },
      });
    continuationToken = response.continuationToken;
  } while (continuationToken !== null);
}

/** More columns than these are not announced: a connector then reckons with all. */
const MAX_COLUMNS = 1000;

/**
 * The layout is asked for with the whole table's schema, so the columns that are read are announced: an index may project just those. For
 * EXPLAIN its own announcement carries them too, so that the native query shown is the one that will run.
 */
function identityFor({ identity }: QueryContext, scan: TableScan): QueryContext['identity'] {
  const columns = JSON.stringify(scan.schema.fields.map((field) => field.name));
  const explain = identity.configOptions[EXTENSIONS.explain];
  return {
    ...identity,
    configOptions: {
      ...identity.configOptions,
      ...(scan.schema.fields.length <= MAX_COLUMNS && { [EXTENSIONS.columns]: columns }),
      ...(explain !== undefined && { [EXTENSIONS.explain]: columns }),
    },
  };
}
