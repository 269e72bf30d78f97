import { ErganeError } from '@ergane/protocol';
import type { ATNSimulator, RecognitionException, Recognizer, Token } from 'antlr4ng';
import { buildStatement } from './build-statement.ts';
import { tokenPosition } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import { parseUtility } from './parse-utility.ts';
import type { Statement } from './syntax-tree.ts';

/** A statement longer than this is refused, as Athena does. */
const MAX_BYTES = 262_144;
const END_OF_FILE = -1;

/**
 * Reads one statement of Athena's SQL. Utility statements and DDL of Hive's kind are recognised by their first words; the rest is
 * read by the Trino grammar. Throws SYNTAX_ERROR with line and column, NOT_SUPPORTED for syntax that Ergane does not have.
 */
export function parseStatement(text: string): Statement {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new ErganeError('SYNTAX_ERROR', `the statement is longer than ${MAX_BYTES} bytes`);
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) throw new ErganeError('SYNTAX_ERROR', `the statement holds a NUL character at offset ${nul}`);
  return parseUtility(text) ?? parseTrino(text);
}

/** SLL prediction is fast and nearly always right; what it refuses is tried again with full context, as ANTLR's makers advise. */
function parseTrino(text: string): Statement {
  const { PredictionMode } = loadGrammar();
  try {
    return parseWith(text, PredictionMode.SLL);
  } catch (error) {
    if (!(error instanceof ErganeError && error.code === 'SYNTAX_ERROR')) throw error;
    return parseWith(text, PredictionMode.LL);
  }
}

function parseWith(text: string, mode: number): Statement {
  const grammar = loadGrammar();
  const lexer = new grammar.TrinoSqlLexer(grammar.CharStreams.fromString(text));
  const parser = new grammar.TrinoSqlParser(new grammar.CommonTokenStream(lexer));
  parser.interpreter.predictionMode = mode;
  const listener = makeListener();
  for (const recognizer of [lexer, parser]) {
    recognizer.removeErrorListeners();
    recognizer.addErrorListener(listener);
  }
  try {
    const single = parser.singleStatement();
    const rest = parser.tokenStream.LT(1);
    if (rest && rest.type !== END_OF_FILE) {
      const at = tokenPosition(rest);
      throw new ErganeError(
        'SYNTAX_ERROR',
        `line ${at.line}:${at.col}: mismatched input '${rest.text}'. Expecting: <EOF>`,
        {
          where: { ...at },
        },
      );
    }
    return buildStatement(single.statement(), text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ErganeError('SYNTAX_ERROR', 'the statement is nested too deeply: simplify it', { cause: error });
  }
}

function makeListener() {
  const { BaseErrorListener } = loadGrammar();
  return new (class extends BaseErrorListener {
    override syntaxError<S extends Token, T extends ATNSimulator>(
      _recognizer: Recognizer<T>,
      _token: S | null,
      line: number,
      column: number,
      message: string,
      _error: RecognitionException | null,
    ): void {
      throw new ErganeError('SYNTAX_ERROR', `line ${line}:${column + 1}: ${shorten(message)}`, {
        where: { line, col: column + 1 },
      });
    }
  })();
}

/** ANTLR lists every token that could follow; ten are enough to see what was meant. */
function shorten(message: string): string {
  const [head, list] = message.split(' expecting ', 2);
  if (list === undefined) return message;
  const tokens = list.replaceAll(/[{}]/g, '').replaceAll('KW_', '').split(', ');
  const shown = tokens.slice(0, 10).join(', ');
  return `${head}. Expecting: ${shown}${tokens.length > 10 ? ', …' : ''}`;
}
