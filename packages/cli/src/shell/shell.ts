import { createInterface, type Interface } from 'node:readline';
import { ErganeError } from '@ergane/protocol';
import { exitCodeOf, EXIT_CODES } from '../exit-codes.ts';
import { hasColor, type Io } from '../io.ts';
import type { FormatName } from '../output/formats.ts';
import { printError } from '../print-error.ts';
import { runStatement } from '../run-statement.ts';
import type { Session } from '../session.ts';
import { firstWord, joinLines, splitStatements } from '../statements/split-statements.ts';
import { complete } from './complete.ts';
import type { History } from './history.ts';
import { LineQueue } from './line-queue.ts';
import { makeNames } from './names.ts';
import { runShellCommand } from './shell-command.ts';

export interface ShellOptions {
  readonly session: Session;
  readonly io: Io;
  readonly history: History;
  readonly format: FormatName;
  readonly verbose: boolean;
  /** lines that are run first, as if they were typed */
  readonly firstLines?: readonly string[];
  /** lines are edited and prompts shown; default: the standard input is a terminal */
  readonly terminal?: boolean;
}

const CHANGES_NAMES = /^(?:CREATE|DROP|ALTER|MSCK|USE)$/;

/** Reads statements and runs them, until `\q` or the end of the input. Answers the exit code. */
export async function runShell(options: ShellOptions): Promise<number> {
  return new Shell(options).run();
}

class Shell {
  readonly #options: ShellOptions;
  readonly #io: Io;
  readonly #terminal: boolean;
  readonly #lines: Interface;
  readonly #typed: LineQueue;
  readonly #names: ReturnType<typeof makeNames>;
  /** what was typed of a statement that has no semicolon yet */
  #buffer = '';
  #running: AbortController | undefined;
  #format: FormatName;
  #failure: unknown;
  #isOver = false;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#io = options.io;
    this.#format = options.format;
    this.#terminal = options.terminal ?? options.io.stdin.isTTY === true;
    this.#names = makeNames(options.session);
    this.#lines = this.#openLines();
    this.#typed = new LineQueue(this.#lines);
  }

  async run(): Promise<number> {
    const { signal } = this.#io;
    const stop = () => {
      this.#running?.abort(signal.reason);
      this.#lines.close();
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (const line of this.#options.firstLines ?? []) {
        if (!this.#isOver && !signal.aborted) await this.#takeLine(line, { isTyped: false });
      }
      this.#prompt();
      for await (const line of this.#typed) {
        await this.#takeLine(line);
        if (this.#isOver || signal.aborted) break;
        this.#prompt();
      }
      // the last statement of a script needs no semicolon
      if (!this.#terminal && !this.#isOver && !signal.aborted && this.#buffer.trim() !== '') await this.#takeLine(';');
    } finally {
      signal.removeEventListener('abort', stop);
      this.#lines.close();
    }
    if (signal.aborted) throw new ErganeError('QUERY_CANCELLED', 'cancelled');
    return this.#terminal || this.#failure === undefined ? EXIT_CODES.ok : exitCodeOf(this.#failure);
  }

  #openLines(): Interface {
    const { stdin, stdout } = this.#io;
    if (!this.#terminal) return createInterface({ input: stdin, crlfDelay: Infinity });
    const lines = createInterface({
      input: stdin,
      output: stdout,
      terminal: true,
      historySize: 1_000,
      history: [...this.#options.history.entries],
      completer: (line: string, answer: (error: Error | null, result: [string[], string]) => void) => {
        const context = { names: this.#names, place: this.#options.session.place };
        void complete(this.#buffer + line, context).then(({ candidates, fragment }) =>
          answer(null, [[...candidates], fragment]),
        );
      },
    });
    // readline adds each line; the history is of whole statements
    lines.on('history', (history: string[]) => history.splice(0, history.length, ...this.#options.history.entries));
    lines.on('SIGINT', () => this.#interrupt());
    lines.on('close', () => {
      if (!this.#isOver) stdout.write('\n');
    });
    return lines;
  }

  /** Ctrl-C: cancels the query; without one, throws away what was typed. */
  #interrupt(): void {
    this.#typed.clear();
    if (this.#running !== undefined) {
      this.#running.abort('interrupted');
      return;
    }
    const isEmpty = this.#buffer === '' && this.#lines.line === '';
    this.#io.stdout.write(isEmpty ? '\n(\\q or Ctrl-D leaves the shell)\n' : '^C\n');
    this.#buffer = '';
    this.#lines.write(null, { ctrl: true, name: 'e' });
    this.#lines.write(null, { ctrl: true, name: 'u' });
    this.#prompt();
  }

  #prompt(): void {
    if (!this.#terminal || this.#typed.isClosed) return;
    const { catalog, schema } = this.#options.session.place;
    const place = [catalog, schema].filter((part) => part !== undefined).join('.');
    const prompt = place === '' ? 'ergane> ' : `ergane:${place}> `;
    this.#lines.setPrompt(this.#buffer === '' ? prompt : `${' '.repeat(Math.max(0, prompt.length - 3))}-> `);
    this.#lines.prompt();
  }

  async #takeLine(line: string, { isTyped = true } = {}): Promise<void> {
    const typed = line.trim();
    if (this.#buffer === '' && typed === '') return;
    if (this.#buffer === '' && /^(?:\\|(?:quit|exit|help)\s*;?$)/i.test(typed)) {
      if (isTyped) await this.#options.history.add(typed);
      await this.#attempt(async (signal) => this.#command(typed, signal));
      return;
    }
    const { statements, rest, remainder } = splitStatements(`${this.#buffer}${line}\n`);
    this.#buffer = rest === undefined ? '' : remainder;
    for (const { text } of statements) {
      if (this.#terminal) await this.#options.history.add(`${joinLines(text)};`);
      const isRun = await this.#attempt((signal) => this.#statement(text, signal));
      if (!isRun && this.#terminal) break;
    }
  }

  async #command(typed: string, signal: AbortSignal): Promise<void> {
    const outcome = await runShellCommand(typed, {
      session: this.#options.session,
      io: this.#io,
      format: this.#format,
      run: (sql) => this.#statement(sql, signal),
    });
    if (outcome.format !== undefined) this.#format = outcome.format;
    if (outcome.leave === true) this.#isOver = true;
  }

  async #statement(sql: string, signal: AbortSignal): Promise<void> {
    const { session } = this.#options;
    const from = performance.now();
    const rows = await runStatement(sql, {
      session,
      io: this.#io,
      format: this.#format,
      signal,
      progress: this.#terminal,
    });
    if (CHANGES_NAMES.test(firstWord(sql))) this.#names.forget();
    if (!this.#terminal) return;
    const seconds = ((performance.now() - from) / 1000).toFixed(2);
    const text = `${rows === undefined ? 'OK, ' : ''}${seconds} s`;
    this.#io.stdout.write(`${hasColor(this.#io.stdout, this.#io.environment) ? `\u001b[2m${text}\u001b[22m` : text}\n`);
  }

  /** An error ends the statement and not the shell. */
  async #attempt(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    this.#running = new AbortController();
    const { signal } = this.#running;
    try {
      await work(signal);
      return true;
    } catch (error) {
      if (this.#io.signal.aborted) return false;
      const failure = signal.aborted ? new ErganeError('QUERY_CANCELLED', 'cancelled', { cause: error }) : error;
      this.#failure ??= failure;
      this.#io.stderr.write(`${printError(failure, { verbose: this.#options.verbose })}\n`);
      return false;
    } finally {
      this.#running = undefined;
    }
  }
}
