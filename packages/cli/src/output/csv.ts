import { printValue } from '@ergane/engine';
import type { Format } from './format.ts';

/** CSV as Athena writes it: every value quoted, NULL is empty without quotes, lines end in `\n`, UTF-8 without a mark. */
export const printCsv: Format = async function* ({ columns, batches }) {
  if (columns.length === 0) return;
  yield `${columns.map(({ name }) => quote(name)).join(',')}\n`;
  for await (const rows of batches) {
    let text = '';
    for (const row of rows) {
      for (const [index, { type }] of columns.entries()) {
        const value = printValue(row[index] ?? null, type);
        text += `${index === 0 ? '' : ','}${value === null ? '' : quote(value)}`;
      }
      text += '\n';
    }
    yield text;
  }
};

const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
