import { ErganeError } from '@ergane/protocol';
import { UsageError } from './usage-error.ts';

/**
 * An error as the command line shows it: `CODE: message (where)`, and with `verbose` the causes and stacks below it. Details of `where`
 * that the message already names are not said twice.
 */
export function printError(error: unknown, { verbose = false }: { readonly verbose?: boolean } = {}): string {
  const lines = [printLine(error)];
  if (verbose) lines.push(...printCauses(error));
  return lines.join('\n');
}

function printLine(error: unknown): string {
  if (error instanceof UsageError) return `usage: ${error.message}`;
  if (error instanceof ErganeError) return `${error.code}: ${error.message}${printWhere(error)}`;
  const message = error instanceof Error ? error.message || error.name : String(error);
  return `INTERNAL: ${message} (a fault of Ergane: run again with --verbose and report it)`;
}

function printWhere({ message, where }: ErganeError): string {
  const { line, col, ...details } = where;
  const isSaid = line === undefined || /\bline \d+/.test(message) || message.includes(`:${line}:`);
  const at = isSaid ? [] : [`line ${line}${col === undefined ? '' : `, column ${col}`}`];
  const rest = Object.entries(details)
    .filter(([, value]) => value !== undefined && value !== '' && !message.includes(String(value)))
    .map(([name, value]) => `${name} ${value}`);
  const all = [...at, ...rest];
  return all.length === 0 ? '' : ` (${all.join(', ')})`;
}

function printCauses(error: unknown): string[] {
  const lines: string[] = [];
  if (error instanceof Error && error.stack !== undefined) lines.push(indent(stackOf(error)));
  const seen = new Set<unknown>([error]);
  let cause = error instanceof Error ? error.cause : undefined;
  while (cause !== undefined && !seen.has(cause)) {
    seen.add(cause);
    lines.push(`  caused by ${cause instanceof ErganeError ? printLine(cause) : String(cause)}`);
    if (cause instanceof Error) lines.push(indent(stackOf(cause)));
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return lines.filter((line) => line.trim() !== '');
}

/** The frames alone: name and message are said already. */
function stackOf(error: Error): string {
  const from = error.stack?.search(/^\s+at /m) ?? -1;
  return from === -1 ? '' : (error.stack?.slice(from) ?? '');
}

const indent = (text: string): string => text.replace(/^\s*/gm, '    ');
