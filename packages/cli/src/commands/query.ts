import { ErganeError } from '@ergane/protocol';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Arguments, OptionSpecs } from '../arguments.ts';
import type { Io } from '../io.ts';
import { BINARY_FORMATS, FORMAT_NAMES, parseFormatName, type FormatName } from '../output/formats.ts';
import { openOutputFile } from '../output/write.ts';
import { runStatement } from '../run-statement.ts';
import { Session } from '../session.ts';
import { firstWord, listStatements, type SqlStatement } from '../statements/split-statements.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './command.ts';

export const PLACE_OPTIONS: OptionSpecs = {
  catalog: { value: 'NAME', help: 'the catalog that names without one belong to' },
  schema: { value: 'NAME', help: 'the schema that names without one belong to' },
};

export const query: Command = {
  usage: '[options] "sql" | -f FILE | < FILE',
  summary:
    'Runs SQL and prints the result. Several statements are divided by semicolons; the first that fails ends it.',
  options: {
    ...PLACE_OPTIONS,
    format: { value: 'FORMAT', help: `${FORMAT_NAMES.join(', ')}; default: table` },
    file: { short: 'f', value: 'FILE', help: 'read the SQL from a file; - is the standard input' },
    output: { short: 'o', value: 'FILE', help: 'write the result to a file, which is there whole or not at all' },
    parameter: {
      short: 'p',
      value: 'VALUE',
      multiple: true,
      help: 'the next ? of the statement, as an SQL expression',
    },
    quiet: { short: 'q', help: 'no progress on the terminal' },
  },
  run: async (args, io) => {
    const format = parseFormatName(args.text('format') ?? 'table');
    const statements = listStatements(await readSql(args, io));
    checkRequest(statements, { args, io, format });
    await using session = await openSession(args, io);
    const target = args.text('output');
    const file = target === undefined ? undefined : await openOutputFile(path.resolve(io.folder, target));
    try {
      await runAll(statements, {
        session,
        io,
        format,
        ...(file !== undefined && { output: file.stream }),
        parameters: args.list('parameter'),
        progress: !args.flag('quiet') && showsProgress(io, file !== undefined),
      });
      await file?.finish();
    } catch (error) {
      await file?.discard();
      throw error;
    }
    return 0;
  },
};

export function openSession(args: Arguments, io: Io): Promise<Session> {
  const config = args.text('config');
  return Session.open(io, {
    ...(config !== undefined && { config }),
    place: { catalog: args.text('catalog')?.toLowerCase(), schema: args.text('schema')?.toLowerCase() },
  });
}

/** On a terminal, and not in a pipe, whose reader may be on the same terminal. */
export function showsProgress(io: Io, isFile: boolean): boolean {
  return io.stderr.isTTY === true && (isFile || io.stdout.isTTY === true);
}

async function runAll(statements: readonly SqlStatement[], options: Parameters<typeof runStatement>[1]): Promise<void> {
  for (const statement of statements) {
    try {
      await runStatement(statement.text, options);
    } catch (error) {
      throw statements.length === 1 ? error : locate(error, statement);
    }
  }
}

/** In a script, a line of the statement is a line of the script. */
function locate(error: unknown, { line, col }: SqlStatement): unknown {
  if (!(error instanceof ErganeError) || error.where.line === undefined) return error;
  const where = {
    ...error.where,
    line: error.where.line + line - 1,
    ...(error.where.col !== undefined && { col: error.where.line === 1 ? error.where.col + col - 1 : error.where.col }),
  };
  const message = error.message.replace(/\bline \d+(:\d+)?/, `line ${where.line}$1`);
  return new ErganeError(error.code, message, { where, cause: error });
}

/** The SQL of the command line, the file or the standard input. */
export async function readSql(args: Arguments, io: Io): Promise<string> {
  const file = args.text('file');
  const [sql, ...more] = args.positionals;
  if (more.length > 0)
    throw new UsageError(`one text of SQL is expected, not ${args.positionals.length}: put it in quotes`);
  if (sql !== undefined && file !== undefined) throw new UsageError('give the SQL, or a file with -f, not both');
  if (sql !== undefined && sql !== '-') return sql;
  if (file !== undefined && file !== '-') return readSqlFile(path.resolve(io.folder, file));
  if (io.stdin.isTTY === true && file === undefined && sql === undefined)
    throw new UsageError(
      'give the SQL as an argument, in a file with -f, or on the standard input; "ergane shell" reads it line by line',
    );
  return readAll(io.stdin, io.signal);
}

export async function readSqlFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`the file of SQL cannot be read: ${reason}`, { cause });
  }
}

async function readAll(stream: Readable, signal: AbortSignal): Promise<string> {
  const stop = () => stream.destroy(new ErganeError('QUERY_CANCELLED', 'cancelled while reading the standard input'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await text(stream);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

const GIVES_ROWS = /^(?:SELECT|WITH|VALUES|TABLE|SHOW|DESC|DESCRIBE|EXPLAIN|EXECUTE|)$/;

function checkRequest(
  statements: readonly SqlStatement[],
  { args, io, format }: { readonly args: Arguments; readonly io: Io; readonly format: FormatName },
): void {
  if (statements.length === 0) throw new UsageError('there is no statement in what was given');
  if (args.list('parameter').length > 0 && statements.length > 1)
    throw new UsageError('--parameter goes with one statement');
  if (!BINARY_FORMATS.includes(format)) return;
  if (io.stdout.isTTY === true && args.text('output') === undefined)
    throw new UsageError(`format ${format} is not for a terminal: use --output FILE, or a pipe`);
  if (statements.filter((statement) => GIVES_ROWS.test(firstWord(statement.text))).length > 1)
    throw new UsageError(`format ${format} holds the result of one statement: run them one by one`);
}
