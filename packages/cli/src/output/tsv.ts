import { printValue } from '@ergane/engine';
import type { Format } from './format.ts';

const ESCAPES: Readonly<Record<string, string>> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };

/** Values apart by tabs, as PostgreSQL's COPY writes them: `\t`, `\n`, `\r` and `\\` escaped, NULL is `\N`; the names come first. */
export const printTsv: Format = async function* ({ columns, batches }) {
  if (columns.length === 0) return;
  yield `${columns.map(({ name }) => escape(name)).join('\t')}\n`;
  for await (const rows of batches) {
    let text = '';
    for (const row of rows) {
      const cells = columns.map(({ type }, index) => printValue(row[index] ?? null, type));
      text += `${cells.map((cell) => (cell === null ? '\\N' : escape(cell))).join('\t')}\n`;
    }
    yield text;
  }
};

const escape = (text: string): string => text.replace(/[\t\n\r\\]/g, (character) => ESCAPES[character] ?? character);
