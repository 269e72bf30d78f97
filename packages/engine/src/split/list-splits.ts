import { decodeReadAhead, EXTENSIONS, ErganeError, printReadAheadRequest } from '@ergane/protocol';
import type {
  Block,
  GetSplitsRequest,
  GetSplitsResponse,
  ReadAhead,
  ReadRecordsResponse,
  RemoteReadRecordsResponse,
  Split,
} from '@ergane/protocol';
import { callFunction } from '../invoke/call-function.ts';
import { wireConstraints } from '../invoke/wire-constraints.ts';
import type { TableScan } from '../plan/table-scan.ts';
import type { QueryContext } from '../query-context.ts';
import { MAX_BLOCK_BYTES, MAX_INLINE_BYTES } from '../read/block-sizes.ts';
import type { ScanStatistics } from '../explain/scan-statistics.ts';

export type ReadAnswer = ReadRecordsResponse | RemoteReadRecordsResponse;

export interface ListedSplit {
  readonly split: Split;
  /** what reading it answers, where the layout brought that along */
  readonly answer?: ReadAnswer;
}

export interface Listing {
  readonly statistics: ScanStatistics;
  /** whether the function may read the only split at once: its layout is then asked for as reads are, and counted as one */
  readonly readAhead: boolean;
}

/**
 * The splits of a scan: `GetTableLayout` leaves the partitions that the constraints allow, `GetSplits` divides them, a page at a
 * time and only as far as the reader asks (sections 4.1 and 4.5). A function that reads ahead answers the first page with its layout, and the
 * rows too when there is but one split.
 */
export async function* listSplits(
  context: QueryContext,
  scan: TableScan,
  listing: Listing,
): AsyncGenerator<ListedSplit> {
  const { functionName, tableName } = scan;
  const { statistics } = listing;
  const caller = callerOf(context, scan, listing);
  const { partitions, ahead } = await findPartitions(context, scan, { caller, listing });
  statistics.partitions = partitions.batch.numRows;
  if (partitions.batch.numRows === 0) return;
  let page = ahead?.splits;
  let continuationToken: string | null = null;
  do {
    page ??= await findSplits(context, scan, { caller, partitions, continuationToken });
    statistics.addSplits(page.splits.length, page.extra?.['explain']);
    for (const split of page.splits) yield { split, ...(ahead?.records && { answer: ahead.records }) };
    if (page.continuationToken !== null && page.continuationToken === continuationToken)
      throw new ErganeError('PROTOCOL_INVALID', `function ${functionName} pages its splits without end`, {
        where: { function: functionName, table: tableName.tableName },
      });
    ({ continuationToken } = page);
    page = undefined;
  } while (continuationToken !== null);
}

async function findPartitions(
  context: QueryContext,
  scan: TableScan,
  { caller, listing }: { readonly caller: Caller; readonly listing: Listing },
): Promise<{ readonly partitions: Block; readonly ahead: ReadAhead | undefined }> {
  const { functionName, version, tableSchema: schema, partitionColumns } = scan;
  const { statistics, readAhead } = listing;
  const request = { type: 'GetTableLayoutRequest', ...caller, schema, partitionColumns } as const;
  const invoker = readAhead ? context.reader : context.invoker;
  if (readAhead) statistics.running++;
  try {
    const { response, report } = await callFunction(
      invoker,
      { functionName, version, signal: context.signal, request },
      ['GetTableLayoutResponse'],
    );
    const ahead = decodeReadAhead(response);
    if (ahead?.records) statistics.addInvocation(report, ahead.records.extra?.['readStatistics']);
    return { partitions: response.partitions, ahead };
  } finally {
    if (readAhead) statistics.running--;
  }
}

async function findSplits(
  context: QueryContext,
  { functionName, version, partitionColumns }: TableScan,
  more: { readonly caller: Caller; readonly partitions: Block; readonly continuationToken: string | null },
): Promise<GetSplitsResponse> {
  const { caller, partitions, continuationToken } = more;
  const request = { type: 'GetSplitsRequest', ...caller, partitions, partitionColumns, continuationToken } as const;
  const call = { functionName, version, signal: context.signal, request };
  return (await callFunction(context.invoker, call, ['GetSplitsResponse'])).response;
}

type Caller = Pick<GetSplitsRequest, 'identity' | 'queryId' | 'catalogName' | 'tableName' | 'constraints'>;

/** More columns than these are not announced: a connector then reckons with all. */
const MAX_COLUMNS = 1000;

/**
 * The layout is asked for with the whole table's schema, so the columns that are read are announced: an index may project just those. For
 * EXPLAIN its own announcement carries them too, so that the native query shown is the one that will run.
 */
function callerOf(context: QueryContext, scan: TableScan, { readAhead }: Listing): Caller {
  const { identity, queryId } = context;
  const { catalogName, tableName } = scan;
  const names = scan.schema.fields.map((field) => field.name);
  const columns = JSON.stringify(names);
  const explain = identity.configOptions[EXTENSIONS.explain];
  const sizes = { maxBlockSize: MAX_BLOCK_BYTES, maxInlineBlockSize: MAX_INLINE_BYTES };
  const areFew = names.length <= MAX_COLUMNS;
  const configOptions = {
    ...identity.configOptions,
    ...(areFew && { [EXTENSIONS.columns]: columns }),
    ...(areFew && readAhead && { [EXTENSIONS.readAhead]: printReadAheadRequest({ columns: names, ...sizes }) }),
    ...(explain !== undefined && { [EXTENSIONS.explain]: columns }),
  };
  return {
    identity: { ...identity, configOptions },
    queryId,
    catalogName,
    tableName,
    constraints: wireConstraints(scan),
  };
}
