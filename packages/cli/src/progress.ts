import type { QueryProgress } from '@ergane/engine';
import { hasColor, type Io } from './io.ts';
import { cutText, showControls } from './output/text-width.ts';

const REDRAW_MS = 100;
/** A query that is faster shows nothing: lines that flash past help nobody. */
const FIRST_MS = 400;

/**
 * A line per table scan on the terminal, redrawn in place, gone when the query is over: splits done and known, rows, bytes, functions
 * that run.
 */
export class Progress implements Disposable {
  readonly #io: Io;
  #lines = 0;
  #latest: QueryProgress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(io: Io) {
    this.#io = io;
    this.#timer = setTimeout(() => this.#draw(), FIRST_MS).unref();
  }

  update(progress: QueryProgress): void {
    this.#latest = progress;
  }

  stop(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#erase();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #draw(): void {
    if (this.#isOver) return;
    if (this.#latest !== undefined) {
      const width = (this.#io.stderr.columns ?? 80) - 1;
      const lines = printProgress(this.#latest).map((line) => cutText(line, width));
      const dim = hasColor(this.#io.stderr, this.#io.environment);
      this.#erase();
      this.#io.stderr.write(lines.map((line) => `${dim ? `\u001b[2m${line}\u001b[22m` : line}\n`).join(''));
      this.#lines = lines.length;
    }
    this.#timer = setTimeout(() => this.#draw(), REDRAW_MS).unref();
  }

  #erase(): void {
    if (this.#lines > 0) this.#io.stderr.write(`\u001b[${this.#lines}A\u001b[J`);
    this.#lines = 0;
  }
}

/** `shop.public.orders  3/12 splits  1,234,567 rows  45 MB  4 functions` */
export function printProgress({ scans }: QueryProgress): readonly string[] {
  const names = scans.map(({ catalog, table }) => showControls(`${catalog}.${table}`));
  const width = Math.max(0, ...names.map((name) => name.length));
  return scans.map((scan, index) => {
    const splits = `${scan.splitsDone}/${scan.splits} splits`;
    const running = scan.running === 0 ? '' : `${scan.running} ${scan.running === 1 ? 'function' : 'functions'}`;
    const parts = [
      (names[index] ?? '').padEnd(width),
      splits,
      `${printCount(scan.rows)} rows`,
      printBytes(scan.bytes),
      running,
    ];
    return parts.filter((part) => part !== '').join('  ');
  });
}

export function printCount(count: number): string {
  return count.toLocaleString('en-US');
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

export function printBytes(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[power]}`;
}
