import { ErganeError } from '@ergane/protocol';
import type { ATNSimulator, RecognitionException, Recognizer, Token } from 'antlr4ng';
import { parsePrepare } from './build-prepared.ts';
import { buildStatement } from './build-statement.ts';
import { tokenPosition } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import { parseUnload } from './parse-unload.ts';
import { findUnterminated, placeOf, syntaxError } from './syntax-error.ts';
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
    throw new ErganeError(
      'SYNTAX_ERROR',
      `the statement has ${Buffer.byteLength(text)} bytes; at most ${MAX_BYTES} are read, as in Athena`,
    );
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) throw syntaxError(placeOf(text, nul), 'the statement holds a NUL character');
  checkDepth(text);
  return parsePrepare(text, parseStatement) ?? parseUtility(text) ?? parseUnload(text, parseTrino) ?? parseTrino(text);
}

/** The grammar takes time that grows with the square of the nesting: what no one writes by hand is refused at once. */
function checkDepth(text: string): void {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|[()[\]]/g)) {
    if (token === '(' || token === '[') depth++;
    else if (token === ')' || token === ']') depth--;
    if (depth > MAX_DEPTH) {
      throw syntaxError(
        placeOf(text, index),
        `parentheses are nested deeper than ${MAX_DEPTH}: simplify the statement`,
      );
    }
  }
}

/** SLL prediction is fast and nearly always right; what it refuses is tried again with full context, as ANTLR's makers advise. */
function parseTrino(text: string): Statement {
  try {
    return parseTwice(text);
  } catch (error) {
    if (!(error instanceof ErganeError && error.code === 'SYNTAX_ERROR')) throw error;
    throw findUnterminated(text) ?? error;
  }
}

function parseTwice(text: string): Statement {
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
      throw syntaxError(tokenPosition(rest), `mismatched input '${rest.text}'. Expecting: <EOF>`);
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
      token: S | null,
      line: number,
      column: number,
      message: string,
      _error: RecognitionException | null,
    ): void {
      throw syntaxError({ line, col: column + 1 }, shorten(asMismatch(message, token?.text)));
    }
  })();
}

/** Trino says of every token that does not fit that it is mismatched. */
function asMismatch(message: string, token: string | null | undefined): string {
  if (token === undefined || token === null) return message;
  const found = `mismatched input '${token}'`;
  if (message.startsWith('no viable alternative') || message.startsWith('rule ')) return found;
  return message.replace(/^extraneous input '.*?'(?= expecting )/s, () => found);
}

/** ANTLR lists every token that could follow; ten are enough to see what was meant. */
function shorten(message: string): string {
  const [head, list] = message.split(' expecting ', 2);
  if (list === undefined) return message;
  const tokens = list.replaceAll(/[{}]/g, '').replaceAll('KW_', '').split(', ');
  // every word that is not reserved may be a name
  const isName = tokens.includes("'ABSENT'");
  const told = isName ? [...tokens.filter((token) => !/^'?\w+'?$/.test(token)), '<identifier>'] : tokens;
  return `${head}. Expecting: ${told.slice(0, 10).join(', ')}${told.length > 10 ? ', …' : ''}`;
}
