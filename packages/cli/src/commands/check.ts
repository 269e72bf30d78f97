import { ErganeError } from '@ergane/protocol';
import { EXIT_CODES, exitCodeOf } from '../exit-codes.ts';
import { hasColor, type Io } from '../io.ts';
import { printError } from '../print-error.ts';
import { didYouMean } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import { checkCatalog, checkStore, type CheckStep } from '../check/check-parts.ts';
import { findRemedy } from '../check/remedies.ts';
import type { Command } from './command.ts';
import { openSession } from './query.ts';

export const check: Command = {
  usage: '[options] [CATALOG ...]',
  summary:
    'Checks the stores, and of every catalog (or those named) that its function starts, the source answers and a row can be read.',
  options: {},
  run: async (args, io) => {
    await using session = await openSession(args, io);
    const { loaded, spill, results } = session.wiring;
    const configured = Object.keys(loaded.config.catalogs ?? {});
    const names = args.positionals.length === 0 ? configured : args.positionals.map((name) => name.toLowerCase());
    const unknown = names.find((name) => !configured.includes(name));
    if (unknown !== undefined)
      throw new UsageError(`there is no catalog "${unknown}"${didYouMean(unknown, configured)}`);
    const file = loaded.file ?? `none: there is no ergane.config.* in ${io.folder} or above (ergane init writes one)`;
    io.stdout.write(`configuration: ${file}\n`);
    const parts = [
      { title: 'spill', steps: checkStore(spill, io.signal) },
      { title: 'results', steps: checkStore(results, io.signal) },
      ...names.map((name) => ({ title: `catalog ${name}`, steps: checkCatalog(name, { session, signal: io.signal }) })),
    ];
    let code: number = EXIT_CODES.ok;
    for (const { title, steps } of parts) {
      const failure = await report(title, steps, { io, verbose: args.flag('verbose') });
      if (code === EXIT_CODES.ok && failure !== undefined) code = exitCodeOf(failure);
    }
    if (io.signal.aborted) throw new ErganeError('QUERY_CANCELLED', 'cancelled');
    io.stdout.write(code === EXIT_CODES.ok ? 'All is well.\n' : 'Something is wrong, see above.\n');
    return code;
  },
};

/** Prints the steps as they come. Answers what failed. */
async function report(
  title: string,
  steps: AsyncIterable<CheckStep>,
  { io, verbose }: { readonly io: Io; readonly verbose: boolean },
): Promise<unknown> {
  const color = hasColor(io.stdout, io.environment);
  const paint = (text: string, code: number) => (color ? `\u001b[${code}m${text}\u001b[39m` : text);
  io.stdout.write(`${title}\n`);
  for await (const step of steps) {
    if (step.error === undefined) {
      io.stdout.write(`  ${paint('ok', 32)}      ${step.what}: ${step.found}\n`);
      continue;
    }
    const message = printError(step.error, { verbose }).replaceAll('\n', '\n          ');
    io.stdout.write(`  ${paint('FAILED', 31)}  ${step.what}: ${message}\n`);
    const remedy = findRemedy(step.error);
    if (remedy !== undefined) io.stdout.write(`          ${remedy}\n`);
    return step.error;
  }
  return undefined;
}
