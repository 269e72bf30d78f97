import { ErganeError } from '@ergane/protocol';
import { makeBatchWriter } from '@ergane/sdk';
import type { BatchWriter, CallContext, ReadBatch, ReadRequest } from '@ergane/sdk';
import { Utf8 } from 'apache-arrow';
import type { PostgresqlClient } from './client.ts';
import { findDecoder } from './decode/find-decoder.ts';
import { makeTupleDecoder } from './decode/tuple-decoder.ts';
import type { TupleDecoder } from './decode/tuple-decoder.ts';
import type { PostgresqlOptions } from './options.ts';
import type { PlannedColumn, PlannedColumns } from './planned-column.ts';
import { readStatement } from './read-statement.ts';
import { printSplit } from './splits.ts';
import type { PageRange, SplitProperties } from './splits.ts';
import { toQuery } from './to-query.ts';
import type { AnswerColumn, Parameters } from './wire/messages.ts';

const RANGE_ROWS = 65_536;

/** What a read reads. */
export interface ReadPlan {
  readonly columns: PlannedColumns;
  readonly split: SplitProperties;
}

export interface TableRead extends ReadPlan {
  readonly client: PostgresqlClient;
  readonly request: ReadRequest;
  readonly options: PostgresqlOptions;
}

/** The columns that a read selects, in the order of its batches. @throws ErganeError SOURCE_CHANGED */
export function selectColumns({ schema, tableName }: ReadRequest, columns: PlannedColumns): readonly PlannedColumn[] {
  return schema.fields.map((field) => {
    const found = columns.get(field.name);
    if (found !== undefined) return found;
    const { schemaName, tableName: table } = tableName;
    throw new ErganeError(
      'SOURCE_CHANGED',
      `table "${schemaName}"."${table}" has no column "${field.name}" any more: run the statement again`,
      { where: { schema: schemaName, table, column: field.name } },
    );
  });
}

/**
 * Reads a split. A page range is read in several runs of one statement, all sent at once and in one snapshot: after each the read may stop, and a
 * split that starts with the next page resumes it.
 */
export async function* readTable(context: CallContext, read: TableRead): AsyncGenerator<ReadBatch> {
  const { client, request, columns, options, split } = read;
  if (split.done) return;
  const selected = selectColumns(request, columns);
  const { query } = toQuery({ source: split.source, selected, columns, constraints: request.constraints });
  const ranges = listRanges(split.pages);
  // a range begins with a large batch, so that its runs end where batches do
  const writer = makeBatchWriter(request.schema, split.pages === undefined ? {} : { rows: RANGE_ROWS });
  let decoder: TupleDecoder | undefined;
  const { schemaName, tableName } = request.tableName;
  const texts = request.schema.fields.filter(({ type }) => type instanceof Utf8).map(({ name }) => name);
  const events = readStatement(client, context, {
    source: { ...client.source, schema: schemaName, table: tableName, texts },
    statement: {
      sql: query.sql,
      runs: ranges.map((range) => [...range, ...query.parameters]),
      onColumns(found) {
        checkTypes(found, selected, request);
        decoder = makeDecoder(writer, selected, options);
      },
      sink: () => decoder ?? failWithoutColumns(),
    },
  });
  let run = 0;
  for await (const event of events) {
    if (event === 'run') run++;
    // a half-full batch is worth a place to resume
    const resumable = event === 'run' && run < ranges.length && writer.rowCount * 2 >= writer.capacity;
    if (resumable) yield takeBatch(writer, resumeAfter(split, run));
    else if (event === 'full') yield takeBatch(writer, undefined);
  }
  if (writer.rowCount > 0) yield takeBatch(writer, printSplit({ ...split, done: true }));
}

function takeBatch(writer: BatchWriter, resume: ReadBatch['resume']): ReadBatch {
  const batch = writer.finish();
  return { batch, release: () => writer.recycle(batch), ...(resume !== undefined && { resume }) };
}

const PAST_ALL = '(4294967295,0)';

/** The bounds of every run: from the first row of a page up to the first of another. */
export function listRanges(pages: PageRange | undefined): readonly Parameters[] {
  if (pages === undefined) return [[]];
  const { from, to, open, step } = pages;
  const count = Math.max(1, Math.ceil((to - from) / step));
  return Array.from({ length: count }, (_, index) => {
    const low = from + index * step;
    const last = index === count - 1;
    return [`(${low},0)`, last ? (open ? PAST_ALL : `(${to},0)`) : `(${low + step},0)`];
  });
}

function resumeAfter(split: SplitProperties, runs: number): ReadBatch['resume'] {
  const { pages } = split;
  return pages && printSplit({ ...split, pages: { ...pages, from: pages.from + runs * pages.step } });
}

function makeDecoder(
  writer: BatchWriter,
  selected: readonly PlannedColumn[],
  options: PostgresqlOptions,
): TupleDecoder {
  const rules = { special: options.specialValues, exact: options.microseconds === 'error' };
  const decoders = writer.columns.flatMap((column, index) => {
    const planned = selected[index];
    return planned === undefined ? [] : [findDecoder(planned.type, column, rules)];
  });
  return makeTupleDecoder(writer, decoders);
}

function checkTypes(
  found: readonly AnswerColumn[],
  selected: readonly PlannedColumn[],
  { tableName: { schemaName: schema, tableName: table } }: ReadRequest,
): void {
  for (const [index, { source, type }] of selected.entries()) {
    if (found[index]?.type === type.wireType) continue;
    throw new ErganeError(
      'SOURCE_CHANGED',
      `column "${source.name}" of "${schema}"."${table}" is not ${source.typeName} any more: run the statement again`,
      { where: { schema, table, column: source.name } },
    );
  }
}

function failWithoutColumns(): never {
  throw new ErganeError('SOURCE_DATA_INVALID', 'the server sent rows before it said what they are');
}
