// The Trino grammar of dt-sql-parser as one file that Node can load: the package's own entry point loads in no plain Node,
// and its parts import each other without extensions. Runs at `npm install` (script `prepare`) and before a build.
import { copyFile, mkdir } from 'node:fs/promises';
import { build } from 'esbuild';

const root = new URL('..', import.meta.url).pathname;
export const GRAMMAR_FILE = `${root}packages/engine/src/sql/generated/trino-grammar.cjs`;

await build({
  stdin: {
    contents: [
      `export * as contexts from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';`,
      `export { TrinoSqlParser } from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';`,
      `export { TrinoSqlLexer } from 'dt-sql-parser/dist/lib/trino/TrinoSqlLexer.js';`,
      `export { BaseErrorListener, CharStreams, CommonTokenStream, ParserRuleContext, PredictionMode, TerminalNode } from 'antlr4ng';`,
    ].join('\n'),
    resolveDir: `${root}packages/engine`,
    loader: 'js',
  },
  bundle: true,
  format: 'cjs',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'inline',
  logLevel: 'error',
  outfile: GRAMMAR_FILE,
});

// tsc copies no file that it did not write: the built package finds the grammar at the same place
const built = `${root}packages/engine/dist/sql/generated`;
await mkdir(built, { recursive: true });
await copyFile(GRAMMAR_FILE, `${built}/trino-grammar.cjs`);
