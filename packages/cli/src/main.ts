import { ErganeError } from '@ergane/protocol';
import { COMMON_OPTIONS, parseArguments } from './arguments.ts';
import { COMMANDS, isCommandName, type CommandName } from './commands/index.ts';
import { EXIT_CODES, exitCodeOf } from './exit-codes.ts';
import { printCommandHelp, printHelp } from './help.ts';
import type { Io } from './io.ts';
import { printError } from './print-error.ts';
import { didYouMean } from './suggest.ts';
import { UsageError } from './usage-error.ts';
import { VERSION } from './version.ts';

/** Runs one command line, without the program's name. Answers the exit code; errors are on io.stderr by then. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    const failure = io.signal.aborted ? cancelled(error) : findFirst(error);
    // who went away needs no message
    if (io.signal.reason !== 'outputClosed') {
      const verbose = argv.some((argument) => /^(-v|--verbose)$/.test(argument));
      io.stderr.write(`${printError(failure, { verbose })}\n`);
    }
    return exitCodeOf(failure);
  }
}

/** What went wrong first, when closing failed after it too: SuppressedError of `await using`. */
function findFirst(error: unknown): unknown {
  const isSuppressed = error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error;
  return isSuppressed ? findFirst(error.suppressed) : error;
}

/** What fails after a cancellation fails because of it. */
function cancelled(error: unknown): ErganeError {
  if (error instanceof ErganeError && error.code === 'QUERY_CANCELLED') return error;
  return new ErganeError('QUERY_CANCELLED', 'cancelled', { cause: error });
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [first = 'help', ...rest] = argv;
  if (first === 'version' || first === '--version' || first === '-V') return say(io, `ergane ${VERSION}\n`);
  if (first === '--help' || first === '-h') return say(io, printHelp(VERSION));
  if (first === 'help') {
    const [name] = rest;
    return say(io, name === undefined ? printHelp(VERSION) : await helpOf(checkName(name)));
  }
  const name = checkName(first);
  const command = await COMMANDS[name].load();
  const args = parseArguments(rest, { ...command.options, ...COMMON_OPTIONS });
  if (args.flag('help')) return say(io, await helpOf(name));
  return command.run(args, io);
}

async function helpOf(name: CommandName): Promise<string> {
  return printCommandHelp(name, await COMMANDS[name].load());
}

function checkName(name: string): CommandName {
  if (isCommandName(name)) return name;
  const names = [...Object.keys(COMMANDS), 'version', 'help'];
  const remedy = didYouMean(name, names) || `; there are ${names.join(', ')}`;
  throw new UsageError(
    name.startsWith('-') ? `a command comes first, before ${name}${remedy}` : `there is no command "${name}"${remedy}`,
  );
}

function say(io: Io, text: string): number {
  io.stdout.write(text);
  return EXIT_CODES.ok;
}
