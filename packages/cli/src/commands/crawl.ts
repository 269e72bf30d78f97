import { printType } from '@ergane/engine';
import { ErganeError } from '@ergane/protocol';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crawlTables, type CrawledTable } from '../crawl/crawl-tables.ts';
import { printDefinitions } from '../crawl/print-definitions.ts';
import { writeGlue } from '../crawl/write-glue.ts';
import type { Io } from '../io.ts';
import { FORMAT_NAMES, parseFormatName } from '../output/formats.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './command.ts';
import { printRows, splitName } from './list.ts';
import { openSession } from './query.ts';

export const crawl: Command = {
  usage: '[options] CATALOG[.SCHEMA[.TABLE]]',
  summary: 'Samples tables of a source without a schema, shows what was found, and writes definitions.',
  options: {
    format: { value: 'FORMAT', help: `${FORMAT_NAMES.join(', ')}; default: table` },
    write: { short: 'w', value: 'FILE', help: 'write definitions for ergane_table_definitions' },
    glue: { value: 'DATABASE', help: 'write definitions to this database of the AWS Glue Data Catalog' },
    force: { help: 'write over a file that is there' },
  },
  notes: 'docs/schemas.md says more.',
  run: async (args, io) => {
    const format = parseFormatName(args.text('format') ?? 'table');
    const [catalog, schema, table, ...more] = args.positionals.flatMap(splitName);
    if (catalog === undefined || more.length > 0)
      throw new UsageError('CATALOG, CATALOG.SCHEMA or CATALOG.SCHEMA.TABLE is expected, such as: ergane crawl parts');
    await using session = await openSession(args, io);
    const tables: CrawledTable[] = [];
    for await (const found of crawlTables(await session.engine(), [catalog, schema, table])) {
      io.signal.throwIfAborted();
      tables.push(found);
    }
    if (tables.length > 0 && tables.every(({ inferred }) => inferred === undefined))
      throw new ErganeError(
        'NOT_SUPPORTED',
        `the source of ${catalog} says itself what its tables are: nothing to crawl`,
      );
    await printRows(io, format, describeTables(tables));
    await writeDefinitions(tables, { catalog, io, file: args.text('write'), force: args.flag('force') });
    const database = args.text('glue');
    if (database !== undefined) {
      await writeGlue(tables, database, io.environment);
      io.stderr.write(`Wrote ${tables.length} tables to the Glue database ${database}.\n`);
    }
    return 0;
  },
};

function describeTables(tables: readonly CrawledTable[]): Parameters<typeof printRows>[2] {
  const rows = tables.flatMap(({ schema, table, inferred }) =>
    (inferred?.columns ?? []).map(({ name, type }) => {
      const { source = name, kinds = {} } = inferred?.seen[name] ?? {};
      const sample = `${inferred?.documentCount ?? 0}${inferred?.complete === true ? ' (all)' : ''}`;
      return [schema, table, name, printType(type), source, printKinds(kinds), sample];
    }),
  );
  return { names: ['Schema', 'Table', 'Column', 'Type', 'Source', 'Values seen', 'Sampled'], rows };
}

/** `text 12, number 3`, the most frequent first. */
function printKinds(kinds: Readonly<Record<string, number>>): string {
  const found = Object.entries(kinds).sort(([, a], [, b]) => b - a);
  return found.length === 0 ? 'none' : found.map(([kind, count]) => `${kind} ${count}`).join(', ');
}

interface Writing {
  readonly catalog: string;
  readonly io: Io;
  readonly file: string | undefined;
  readonly force: boolean;
}

async function writeDefinitions(tables: readonly CrawledTable[], { catalog, io, file, force }: Writing): Promise<void> {
  if (file === undefined) return;
  const target = path.resolve(io.folder, file);
  try {
    await writeFile(target, printDefinitions(catalog, tables), { flag: force ? 'w' : 'wx' });
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
      throw new UsageError(`${target} is there already; --force writes over it`, { cause });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ErganeError('CONFIG_INVALID', `${target} cannot be written: ${reason}`, { cause });
  }
  io.stderr.write(`Wrote ${target}. Name it in the catalog's env: ergane_table_definitions: file:${target}\n`);
}
