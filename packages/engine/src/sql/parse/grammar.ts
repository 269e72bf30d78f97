import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ErganeError } from '@ergane/protocol';
import type * as antlr from 'antlr4ng';
import type * as contexts from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import type { TrinoSqlLexer } from 'dt-sql-parser/dist/lib/trino/TrinoSqlLexer.js';

/** What the bundled grammar holds: `scripts/bundle-grammar.mjs` writes it. */
export interface Grammar {
  readonly contexts: typeof contexts;
  readonly TrinoSqlParser: typeof contexts.TrinoSqlParser;
  readonly TrinoSqlLexer: typeof TrinoSqlLexer;
  readonly BaseErrorListener: typeof antlr.BaseErrorListener;
  readonly CharStreams: typeof antlr.CharStreams;
  readonly CommonTokenStream: typeof antlr.CommonTokenStream;
  readonly ParserRuleContext: typeof antlr.ParserRuleContext;
  readonly PredictionMode: typeof antlr.PredictionMode;
  readonly TerminalNode: typeof antlr.TerminalNode;
}

let loaded: Grammar | undefined;

/** Loads the grammar the first time it is needed (about 60 ms); later calls cost nothing. */
export function loadGrammar(): Grammar {
  loaded ??= readGrammar();
  return loaded;
}

function readGrammar(): Grammar {
  const file = fileURLToPath(new URL('../generated/trino-grammar.cjs', import.meta.url));
  if (!existsSync(file)) {
    throw new ErganeError('INTERNAL', `the bundled grammar ${file} is missing: run \`npm run prepare\``);
  }
  const module: unknown = createRequire(import.meta.url)(file);
  if (!isGrammar(module))
    throw new ErganeError('INTERNAL', `${file} is not the bundled grammar: run \`npm run prepare\``);
  return module;
}

function isGrammar(module: unknown): module is Grammar {
  return typeof module === 'object' && module !== null && 'TrinoSqlParser' in module && 'contexts' in module;
}
