import { runStatement } from '../run-statement.ts';
import { firstWord, listStatements } from '../statements/split-statements.ts';
import { UsageError } from '../usage-error.ts';
import type { Command } from './command.ts';
import { openSession, PLACE_OPTIONS, readSql, showsProgress } from './query.ts';

export const explain: Command = {
  usage: '[options] "sql" | -f FILE | < FILE',
  summary: 'Shows how a query would run: per table scan what is pushed to its source, the native query and the splits.',
  options: {
    ...PLACE_OPTIONS,
    analyze: { short: 'a', help: 'run it, and show invocations, rows, bytes and times' },
    file: { short: 'f', value: 'FILE', help: 'read the SQL from a file; - is the standard input' },
  },
  run: async (args, io) => {
    const statements = listStatements(await readSql(args, io));
    const [statement, ...more] = statements;
    if (statement === undefined || more.length > 0)
      throw new UsageError(`one statement is expected, not ${statements.length}`);
    if (firstWord(statement.text) === 'EXPLAIN') throw new UsageError('give the query alone, without EXPLAIN');
    await using session = await openSession(args, io);
    const sql = `EXPLAIN ${args.flag('analyze') ? 'ANALYZE ' : ''}${statement.text}`;
    await runStatement(sql, { session, io, format: 'table', progress: showsProgress(io, false) });
    return 0;
  },
};
