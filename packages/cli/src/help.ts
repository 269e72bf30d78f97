import { COMMON_OPTIONS, type OptionSpecs } from './arguments.ts';
import type { Command } from './commands/command.ts';
import { COMMANDS } from './commands/index.ts';

/** The help of `ergane` itself. */
export function printHelp(version: string): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length));
  const lines = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Ergane ${version}: federated SQL the Athena way, anywhere.

usage: ergane COMMAND [options]

${lines.join('\n')}
  ${'version'.padEnd(width)}  show the version
  ${'help'.padEnd(width)}  show the help of a command: ergane help query

  ergane query "select 1"
  ergane query --format csv -f report.sql > report.csv
  ergane shell

Exit codes: 0 all right, 1 statement or configuration, 2 command line, 3 a source failed, 4 a function or a store failed,
5 a fault of Ergane, 130 cancelled (Ctrl-C), 141 nobody read the output, 143 terminated.
`;
}

export function printCommandHelp(name: string, { usage, summary, options, notes }: Command): string {
  return `usage: ergane ${name} ${usage}

${summary}

${printOptions({ ...options, ...COMMON_OPTIONS })}
${notes === undefined ? '' : `\n${notes}\n`}`;
}

function printOptions(options: OptionSpecs): string {
  const left = Object.entries(options).map(([name, { short, value }]) => {
    const option = `${short === undefined ? '    ' : `-${short}, `}--${name}`;
    return value === undefined ? option : `${option} ${value}`;
  });
  const width = Math.max(...left.map((text) => text.length));
  return Object.values(options)
    .map(({ help }, index) => `  ${(left[index] ?? '').padEnd(width)}  ${help}`)
    .join('\n');
}
