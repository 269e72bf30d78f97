import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Io } from '../io.ts';
import { BINARY_FORMATS, parseFormatName, type FormatName } from '../output/formats.ts';
import { usePlace } from '../run-statement.ts';
import type { Session } from '../session.ts';
import { listStatements } from '../statements/split-statements.ts';
import { UsageError } from '../usage-error.ts';

export interface ShellCommandContext {
  readonly session: Session;
  readonly io: Io;
  readonly format: FormatName;
  run(sql: string): Promise<void>;
}

/** What a command changes of the shell. */
export interface ShellCommandOutcome {
  readonly leave?: boolean;
  readonly format?: FormatName;
}

const HELP = `  \\?                    this help
  \\q                    leave (quit, exit and Ctrl-D too)
  \\l                    catalogs
  \\dn [CATALOG]         schemas
  \\dt [CATALOG.SCHEMA]  tables
  \\d TABLE              columns of a table
  \\use CATALOG.SCHEMA   what names without catalog and schema mean
  \\format [FORMAT]      table, csv, tsv, json, ndjson
  \\refresh [CATALOG]    forget what is known of tables, after they changed at their source
  \\echo TEXT            say it
  \\i FILE               run the statements of a file
A statement ends with ; and may have many lines. Ctrl-C cancels it. Tab completes names.
`;

/** `\…`, quit, exit or help. @throws UsageError for one that does not exist */
export async function runShellCommand(typed: string, context: ShellCommandContext): Promise<ShellCommandOutcome> {
  const [name = '', argument = ''] = typed
    .replace(/;$/, '')
    .trim()
    .split(/\s+(.*)/s);
  const { session, io } = context;
  const dotted = argument === '' ? [] : argument.split('.');
  switch (name.toLowerCase()) {
    case '\\q':
    case 'quit':
    case 'exit':
      return { leave: true };
    case '\\?':
    case '\\h':
    case '\\help':
    case 'help':
      io.stdout.write(HELP);
      return {};
    case '\\l':
      await context.run('SHOW CATALOGS');
      return {};
    case '\\dn':
      await context.run(argument === '' ? 'SHOW SCHEMAS' : `SHOW SCHEMAS FROM ${quote(argument)}`);
      return {};
    case '\\dt':
      await context.run(argument === '' ? 'SHOW TABLES' : `SHOW TABLES FROM ${dotted.map(quote).join('.')}`);
      return {};
    case '\\d':
      if (argument === '') throw new UsageError('\\d needs a table');
      await context.run(`DESCRIBE ${argument}`);
      return {};
    case '\\use': {
      const [first = '', second] = dotted.map((part) => part.replace(/^"|"$/g, ''));
      if (first === '') throw new UsageError('\\use needs a schema, such as \\use shop.public');
      await usePlace(session, second === undefined ? { schema: first } : { catalog: first, schema: second });
      return {};
    }
    case '\\format':
      if (argument !== '') return { format: parseTextFormat(argument) };
      io.stdout.write(`${context.format}\n`);
      return {};
    case '\\refresh':
      (await session.engine()).refresh(argument === '' ? undefined : argument);
      return {};
    case '\\echo':
      io.stdout.write(`${typed.slice('\\echo '.length)}\n`);
      return {};
    case '\\i':
      await runFile(path.resolve(io.folder, argument), context);
      return {};
    default:
      throw new UsageError(`there is no command ${name}; \\? lists them`);
  }
}

function parseTextFormat(name: string): FormatName {
  const format = parseFormatName(name);
  if (BINARY_FORMATS.includes(format))
    throw new UsageError(`format ${format} is not for a terminal: use "ergane query --output FILE"`);
  return format;
}

async function runFile(file: string, { run }: ShellCommandContext): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
  for (const statement of listStatements(text)) await run(statement.text);
}

const quote = (name: string): string => (name.startsWith('"') ? name : `"${name}"`);
