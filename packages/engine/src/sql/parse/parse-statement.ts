import { ErganeError } from '@ergane/protocol';
import type { ATNSimulator, RecognitionException, Recognizer, Token } from 'antlr4ng';
import { parsePrepare } from './build-prepared.ts';
import { buildStatement } from './build-statement.ts';
import { tokenPosition } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import { parseUnload } from './parse-unload.ts';
import { parseUtility } from './parse-utility.ts';
import type { Statement } from './syntax-tree.ts';

/** A statement longer than this is refused, as Athena does. */
const MAX_BYTES = 262_144;
const MAX_DEPTH = 300;
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
  checkDepth(text);
  return parsePrepare(text, parseStatement) ?? parseUtility(text) ?? parseUnload(text, parseTrino) ?? parseTrino(text);
}

/** The grammar takes time that grows with the square of the nesting: what no one writes by hand is refused at once. */
function checkDepth(text: string): void {
  let depth = 0;
  for (const [token] of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[()[\]]/g)) {
    if (token === '(' || token === '[') depth++;
    else if (token === ')' || token === ']') depth--;
    if (depth > MAX_DEPTH) {
      throw new ErganeError('SYNTAX_ERROR', `parentheses are nested deeper than ${MAX_DEPTH}: simplify the statement`);
    }
  }
}

/** SLL prediction is fast and nearly always right; what it refuses is tried again with full context, as ANTLR's makers advise. */
function parseTrino(text: string): Statement {
  const { PredictionMode } = loadGrammar();
  try {
    return parseWith(text, PredictionMode.SLL);
  } catch (error) {
    if (!(error instanceof ErganeError && error.code === 'SYNTAX_ERROR')) throw error;
    return retry(text, error);
  }
}

/** The second reading, with full context. Where it fails too, the error that lies furthest in the text says most. */
function retry(text: string, first: ErganeError): Statement {
  const { PredictionMode } = loadGrammar();
  try {
    return parseWith(text, PredictionMode.LL);
  } catch (error) {
    if (!(error instanceof ErganeError && error.code === 'SYNTAX_ERROR')) throw error;
    const candidates = [error, wholeError(text), first];
    const place = (each: ErganeError | undefined) =>
      each ? (each.where.line ?? 0) * 1_000_000 + (each.where.col ?? 0) : -1;
    throw candidates.reduce((best, each) => (place(each) > place(best) ? each : best)) ?? error;
  }
}

/** The error of the grammar's rule for a whole text, which knows that a statement must end. */
function wholeError(text: string): ErganeError | undefined {
  try {
    makeParser(text, loadGrammar().PredictionMode.SLL).program();
    return undefined;
  } catch (error) {
    if (error instanceof ErganeError) return error;
    throw error;
  }
}

function makeParser(text: string, mode: number) {
  const grammar = loadGrammar();
  const lexer = new grammar.TrinoSqlLexer(grammar.CharStreams.fromString(text));
  const parser = new grammar.TrinoSqlParser(new grammar.CommonTokenStream(lexer));
  parser.interpreter.predictionMode = mode;
  const listener = makeListener();
  for (const recognizer of [lexer, parser]) {
    recognizer.removeErrorListeners();
    recognizer.addErrorListener(listener);
  }
  return parser;
}

function parseWith(text: string, mode: number): Statement {
  const parser = makeParser(text, mode);
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
