import path from 'node:path';
import { FORMAT_NAMES, parseFormatName } from '../output/formats.ts';
import { historyFile, openHistory } from '../shell/history.ts';
import { runShell } from '../shell/shell.ts';
import { VERSION } from '../version.ts';
import type { Command } from './command.ts';
import { openSession, PLACE_OPTIONS, readSqlFile } from './query.ts';

export const shell: Command = {
  usage: '[options]',
  summary: 'Reads SQL line by line and runs each statement when its semicolon comes.',
  options: {
    ...PLACE_OPTIONS,
    file: { short: 'f', value: 'FILE', help: 'run the lines of a file first' },
    format: { value: 'FORMAT', help: `${FORMAT_NAMES.join(', ')}; default: table` },
  },
  notes: 'Inside, \\? lists the commands. The history is in $ERGANE_HISTORY, default ~/.local/state/ergane/history.',
  run: async (args, io) => {
    const format = parseFormatName(args.text('format') ?? 'table');
    const terminal = io.stdin.isTTY === true;
    const file = args.text('file');
    const firstLines = file === undefined ? [] : (await readSqlFile(path.resolve(io.folder, file))).split('\n');
    await using session = await openSession(args, io);
    const history = await openHistory(terminal ? historyFile(io.environment) : undefined);
    if (terminal) {
      io.stdout.write(`Ergane ${VERSION}. A statement ends with ; \\? shows help, \\q leaves.\n`);
      // the first statement finds the engine started; what is wrong with it is said then
      void session.engine().catch(() => undefined);
    }
    return await runShell({ session, io, history, format, firstLines, verbose: args.flag('verbose') });
  },
};
