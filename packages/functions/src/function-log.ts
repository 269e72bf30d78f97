import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

/** One line of a function's log. `platform` lines are the host's own: START, END, REPORT, and why an environment ended. */
export interface LogLine {
  readonly functionName: string;
  /** the log stream: one per execution environment */
  readonly environmentId: string;
  /** the invocation that ran when the line was written; absent before the first */
  readonly requestId?: string;
  readonly stream: 'stdout' | 'stderr' | 'platform';
  /** milliseconds since the epoch */
  readonly time: number;
  /** without the line's end; at most 64 Ki characters */
  readonly text: string;
}

const MAX_LINES = 2_000;
const MAX_CHARACTERS = 1_048_576;
const MAX_LINE_CHARACTERS = 65_536;

/** The newest lines of one function (at most 2,000 lines and 1 Mi characters), each also handed to `onLog` as it comes. */
export class FunctionLog {
  readonly #onLog: ((line: LogLine) => void) | undefined;
  #lines: LogLine[] = [];
  #first = 0;
  #characters = 0;

  constructor(onLog?: (line: LogLine) => void) {
    this.#onLog = onLog;
  }

  append(line: LogLine): void {
    this.#lines.push(line);
    this.#characters += line.text.length;
    while (this.#lines.length - this.#first > MAX_LINES || this.#characters > MAX_CHARACTERS) {
      this.#characters -= this.#lines[this.#first++]?.text.length ?? 0;
    }
    if (this.#first > MAX_LINES) {
      this.#lines = this.#lines.slice(this.#first);
      this.#first = 0;
    }
    this.#onLog?.(line);
  }

  /** Kept lines, oldest first. */
  list(filter: { readonly requestId?: string } = {}): readonly LogLine[] {
    const lines = this.#lines.slice(this.#first);
    return filter.requestId === undefined ? lines : lines.filter((line) => line.requestId === filter.requestId);
  }

  /** The last `count` lines that an environment's own process wrote, oldest first. */
  lastOutput(environmentId: string, count: number): readonly string[] {
    const found: string[] = [];
    for (let index = this.#lines.length - 1; index >= this.#first && found.length < count; index--) {
      const line = this.#lines[index];
      if (line?.environmentId !== environmentId || line.stream === 'platform' || line.text.trim() === '') continue;
      found.unshift(line.text);
    }
    return found;
  }
}

/** Calls `onLine` for every line of a stream of UTF-8 text; a line without an end comes when the stream ends or it grows too long. */
export function readLines(stream: Readable, onLine: (text: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(cut(line.endsWith('\r') ? line.slice(0, -1) : line));
    if (rest.length > MAX_LINE_CHARACTERS) {
      onLine(cut(rest));
      rest = '';
    }
  });
  stream.on('end', () => {
    rest += decoder.end();
    if (rest !== '') onLine(cut(rest));
  });
}

function cut(line: string): string {
  return line.length <= MAX_LINE_CHARACTERS ? line : line.slice(0, MAX_LINE_CHARACTERS);
}
