import type { ErganeError } from '@ergane/protocol';
import { ddlSyntaxError, tokenizeDdl, type DdlToken } from './ddl-tokens.ts';

/** Reads the tokens of one statement from left to right. Names come lower-cased, as Athena keeps them. */
export class DdlReader {
  readonly #sql: string;
  readonly #tokens: readonly DdlToken[];
  #next = 0;

  constructor(sql: string) {
    this.#sql = sql;
    this.#tokens = tokenizeDdl(sql);
  }

  /** Whether these words or marks come next. */
  peek(...words: readonly string[]): boolean {
    return words.every((word, index) => {
      const token = this.#tokens[this.#next + index];
      return token !== undefined && isPlain(token) && token.text.toUpperCase() === word;
    });
  }

  /** Reads these words or marks when all of them come next. */
  skip(...words: readonly string[]): boolean {
    const found = this.peek(...words);
    if (found) this.#next += words.length;
    return found;
  }

  expect(word: string): void {
    if (!this.skip(word)) throw this.failure(word);
  }

  expectEnd(): void {
    if (this.#token().kind !== 'end') throw this.failure('the end of the statement');
  }

  /** Whether a name comes next. Double quotes are Trino's for names, and DDL statements meet both. */
  isName(): boolean {
    const token = this.#token();
    return token.kind === 'word' || token.kind === 'quoted' || this.#sql[token.at] === '"';
  }

  name(): string {
    if (!this.isName()) throw this.failure('a name');
    return this.#take().toLowerCase();
  }

  /** A name, or one of Hive's `'$elem$'`, `'$key$'` and `'$value$'`. */
  fieldName(): string {
    return this.#token().kind === 'string' ? this.string() : this.name();
  }

  string(): string {
    const token = this.#token();
    if (token.kind !== 'string') throw this.failure('a string in quotes');
    return this.#take();
  }

  number(): number {
    const token = this.#token();
    if (token.kind !== 'number') throw this.failure('a number');
    return Number(this.#take());
  }

  /** A value in PARTITION (…): a string, a number as it is written, or `DATE '…'`. */
  partitionValue(): string {
    if (this.peek('-')) return `${this.#take()}${String(this.number())}`;
    if (this.#token().kind === 'number') return this.#take();
    if (!this.skip('DATE')) this.skip('TIMESTAMP');
    return this.string();
  }

  /** `('key' = 'value', ...)` */
  properties(): Readonly<Record<string, string>> {
    this.expect('(');
    const entries: [string, string][] = [];
    if (!this.peek(')')) {
      do {
        const key = this.string();
        this.expect('=');
        entries.push([key, this.string()]);
      } while (this.skip(','));
    }
    this.expect(')');
    return Object.fromEntries(entries);
  }

  /** The text of a type, such as `array<struct<a:int>>`, blanks left out; what it means is for `parseHiveType`. */
  typeText(): string {
    const first = this.#token();
    if (first.kind !== 'word') throw this.failure('a type');
    let depth = 0;
    let text = '';
    for (;;) {
      const token = this.#token();
      const isOpening = token.kind === 'mark' && (token.text === '<' || token.text === '(');
      const isClosing = token.kind === 'mark' && (token.text === '>' || token.text === ')');
      if (token.kind === 'end' || (depth === 0 && text !== '' && !isOpening)) return text;
      if (depth === 0 && isClosing) return text;
      if (isOpening) depth++;
      if (isClosing) depth--;
      text += token.kind === 'quoted' ? `\`${token.text}\`` : token.text.toLowerCase();
      this.#next++;
    }
  }

  failure(expected: string): ErganeError {
    const token = this.#token();
    return ddlSyntaxError(this.#sql, token.at, `mismatched input '${token.text}'. Expecting: ${expected}`);
  }

  #take(): string {
    const { text } = this.#token();
    this.#next++;
    return text;
  }

  #token(): DdlToken {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '<EOF>', at: this.#sql.length };
  }
}

function isPlain(token: DdlToken): boolean {
  return token.kind === 'word' || token.kind === 'mark';
}
