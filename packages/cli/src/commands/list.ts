import { printType, type Engine, type ResultColumn, type ResultValue } from '@ergane/engine';
import type { Arguments } from '../arguments.ts';
import { hasColor, type Io } from '../io.ts';
import { FORMAT_NAMES, loadFormat, parseFormatName, type FormatName } from '../output/formats.ts';
import { write } from '../output/write.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './command.ts';
import { openSession } from './query.ts';

const OPTIONS = { format: { value: 'FORMAT', help: `${FORMAT_NAMES.join(', ')}; default: table` } };

export const catalogs: Command = {
  usage: '[options]',
  summary: 'Lists the catalogs of the configuration, and awsdatacatalog.',
  options: OPTIONS,
  run: async (args, io) => {
    readName(args, [], '');
    return list(args, io, async (engine) => ({
      names: ['Catalog'],
      rows: engine.listCatalogs().map((name) => [name]),
    }));
  },
};

export const schemas: Command = {
  usage: '[options] CATALOG',
  summary: 'Lists the schemas of a catalog.',
  options: OPTIONS,
  run: async (args, io) => {
    const [catalog = ''] = readName(args, ['CATALOG'], 'ergane schemas shop');
    return list(args, io, async (engine) => ({
      names: ['Schema'],
      rows: (await engine.listSchemas(catalog)).map((name) => [name]),
    }));
  },
};

export const tables: Command = {
  usage: '[options] CATALOG.SCHEMA',
  summary: 'Lists the tables of a schema.',
  options: OPTIONS,
  run: async (args, io) => {
    const [catalog = '', schema = ''] = readName(args, ['CATALOG', 'SCHEMA'], 'ergane tables shop.public');
    return list(args, io, async (engine) => ({
      names: ['Table'],
      rows: (await engine.listTables(catalog, schema)).map((name) => [name]),
    }));
  },
};

export const describe: Command = {
  usage: '[options] CATALOG.SCHEMA.TABLE',
  summary: 'Shows the columns of a table and their types.',
  options: OPTIONS,
  run: async (args, io) => {
    const [catalog = '', schema = '', table = ''] = readName(
      args,
      ['CATALOG', 'SCHEMA', 'TABLE'],
      'ergane describe shop.public.orders',
    );
    return list(args, io, async (engine) => {
      const columns = await engine.describeTable(catalog, schema, table);
      const rows = columns.map(({ name, type, partition }) => [name, printType(type), partition ? 'partition' : '']);
      return { names: ['Column', 'Type', 'Extra'], rows };
    });
  },
};

/** The parts of a dotted name; given apart (`shop public orders`) they are taken too. */
function readName(args: Arguments, parts: readonly string[], example: string): readonly string[] {
  const names = args.positionals.flatMap(splitName);
  if (names.length === parts.length) return names;
  const expected = parts.length === 0 ? 'nothing' : parts.join('.');
  throw new UsageError(`${expected} is expected${example === '' ? '' : `, such as: ${example}`}`);
}

/** Divides at dots outside of double quotes. */
export function splitName(name: string): readonly string[] {
  const parts = name.match(/"(?:[^"]|"")*"|[^."]+/g) ?? [];
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part));
}

/** Names of columns, all varchar, and their rows. */
export interface Rows {
  readonly names: readonly string[];
  readonly rows: readonly (readonly ResultValue[])[];
}

async function list(args: Arguments, io: Io, find: (engine: Engine) => Promise<Rows>): Promise<number> {
  const format = parseFormatName(args.text('format') ?? 'table');
  await using session = await openSession(args, io);
  await printRows(io, format, await find(await session.engine()));
  return 0;
}

/** Prints rows of text in a format, fitted to the terminal. */
export async function printRows(io: Io, format: FormatName, { names, rows }: Rows): Promise<void> {
  const columns = names.map((name): ResultColumn => ({ name, type: { kind: 'varchar' } }));
  const print = await loadFormat(format);
  async function* batches() {
    yield rows;
  }
  const terminal = io.stdout.isTTY === true;
  const options = terminal ? { width: io.stdout.columns ?? 80, color: hasColor(io.stdout, io.environment) } : {};
  for await (const chunk of print({ columns, batches: batches() }, options)) await write(io.stdout, chunk, io.signal);
}
