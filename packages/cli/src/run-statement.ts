import { ErganeError } from '@ergane/protocol';
import { hasColor, type Io, type OutputStream } from './io.ts';
import type { FormatOptions, Printable } from './output/format.ts';
import { loadFormat, type FormatName } from './output/formats.ts';
import { write } from './output/write.ts';
import { Progress } from './progress.ts';
import { didYouMean } from './suggest.ts';
import type { Session } from './session.ts';
import { firstWord } from './statements/split-statements.ts';
import { parseUse } from './statements/use-statement.ts';

export interface StatementOptions {
  readonly session: Session;
  readonly io: Io;
  readonly format: FormatName;
  /** where results go; default: io.stdout */
  readonly output?: OutputStream;
  readonly parameters?: readonly string[];
  /** cancels this statement; default: io.signal */
  readonly signal?: AbortSignal;
  /** lines of progress on io.stderr while it runs */
  readonly progress: boolean;
}

/** Runs one statement and prints its result as it comes. Answers the number of rows; undefined: the statement has no result. */
export async function runStatement(sql: string, options: StatementOptions): Promise<number | undefined> {
  const { session, io, signal = io.signal, parameters } = options;
  const use = parseUse(sql);
  if (use !== undefined) {
    await usePlace(session, use);
    return undefined;
  }
  using progress = options.progress ? new Progress(io) : undefined;
  await using result = await session.run(sql, {
    signal,
    ...(parameters !== undefined && { parameters }),
    ...(progress !== undefined && { onProgress: (state) => progress.update(state) }),
  });
  if (result.columns.length === 0) {
    for await (const _rows of result.batches); // a statement without a result has run when its batches end
    return undefined;
  }
  let rows = 0;
  async function* count() {
    for await (const batch of result.batches) {
      rows += batch.length;
      yield batch;
    }
  }
  await printResult(
    { columns: result.columns, batches: count() },
    { ...options, isPlan: firstWord(sql) === 'EXPLAIN' },
    progress,
  );
  return rows;
}

async function printResult(
  result: Printable,
  { io, output = io.stdout, format, signal = io.signal, isPlan }: StatementOptions & { readonly isPlan: boolean },
  progress: Progress | undefined,
): Promise<void> {
  const print = isPlan && format === 'table' ? printPlan : await loadFormat(format);
  const options: FormatOptions =
    output.isTTY === true ? { width: output.columns ?? 80, color: hasColor(output, io.environment) } : {};
  for await (const chunk of print(result, options)) {
    // lines of progress and rows must not share a terminal
    if (output.isTTY === true) progress?.stop();
    await write(output, chunk, signal);
  }
}

/** A plan is text already. */
async function* printPlan({ batches }: Printable): AsyncGenerator<string> {
  for await (const rows of batches) yield rows.map((row) => `${String(row[0] ?? '')}\n`).join('');
}

/** @throws ErganeError CATALOG_NOT_FOUND or SCHEMA_NOT_FOUND */
export async function usePlace(
  session: Session,
  {
    catalog = session.place.catalog ?? 'awsdatacatalog',
    schema,
  }: { readonly catalog?: string | undefined; readonly schema: string },
): Promise<void> {
  const engine = await session.engine();
  const catalogs = engine.listCatalogs();
  if (!catalogs.includes(catalog)) {
    const message = `there is no catalog "${catalog}"${didYouMean(catalog, catalogs) || `; there are ${catalogs.join(', ')}`}`;
    throw new ErganeError('CATALOG_NOT_FOUND', message, { where: { catalog } });
  }
  const schemas = await engine.listSchemas(catalog);
  const found = schemas.find((name) => name.toLowerCase() === schema);
  if (found === undefined) {
    const message = `catalog "${catalog}" has no schema "${schema}"${didYouMean(schema, schemas)}`;
    throw new ErganeError('SCHEMA_NOT_FOUND', message, { where: { catalog, schema } });
  }
  session.place = { catalog, schema: found };
}
