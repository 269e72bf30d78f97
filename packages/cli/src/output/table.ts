import { printValue, type ResultColumn, type ResultValue } from '@ergane/engine';
import type { Format, FormatOptions } from './format.ts';
import { cutText, padText, showControls, textWidth } from './text-width.ts';

/** Rows that decide the widths of the columns; those that follow are cut or overflow. */
const SAMPLE_ROWS = 1_000;
/** A column is not made narrower than this to fit the terminal: then each row is printed as a list. */
const LEAST_WIDTH = 6;
const NUMERIC = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'real', 'double', 'decimal']);

interface Cell {
  readonly text: string;
  readonly isNull: boolean;
}

interface Layout {
  readonly columns: readonly ResultColumn[];
  readonly names: readonly string[];
  readonly widths: readonly number[];
  readonly options: FormatOptions;
}

/**
 * A table for people. On a terminal it fits the width: columns are cut (`…`), and where there are too many, each row is a list of
 * `name | value`. NULL is NULL; the text NULL is in quotes. It ends with the number of rows.
 */
export const printTable: Format = async function* ({ columns, batches }, options) {
  if (columns.length === 0) return;
  const names = columns.map(({ name }) => showControls(name));
  let layout: Layout | undefined;
  let isList = false;
  let sample: (readonly Cell[])[] = [];
  let count = 0;
  const begin = (): string => {
    const widths = fitWidths(measure(names, sample), options.width);
    isList = widths === undefined;
    layout = { columns, names, widths: widths ?? [], options };
    const text = isList ? '' : printHeader(layout);
    const rows = print(sample);
    sample = [];
    return text + rows;
  };
  const print = (rows: readonly (readonly Cell[])[]): string => {
    if (layout === undefined) return '';
    const from = count;
    count += rows.length;
    const current = layout;
    return rows
      .map((row, index) => (isList ? printList(current, row, from + index + 1) : printRow(current, row)))
      .join('');
  };
  for await (const rows of batches) {
    const cells = rows.map((row) => columns.map(({ type }, index) => makeCell(row[index] ?? null, type)));
    if (layout !== undefined) yield print(cells);
    else {
      sample.push(...cells);
      if (sample.length >= SAMPLE_ROWS) yield begin();
    }
  }
  if (layout === undefined) yield begin();
  yield `(${count} ${count === 1 ? 'row' : 'rows'})\n`;
};

function makeCell(value: ResultValue, type: ResultColumn['type']): Cell {
  const text = printValue(value, type);
  if (text === null) return { text: 'NULL', isNull: true };
  return { text: text === 'NULL' ? "'NULL'" : showControls(text), isNull: false };
}

function measure(names: readonly string[], rows: readonly (readonly Cell[])[]): number[] {
  return names.map((name, index) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[index]?.text ?? '')), textWidth(name)),
  );
}

/** The widths that fit: the widest columns give way first, to one common width. undefined: they cannot fit. */
export function fitWidths(widths: readonly number[], total: number | undefined): readonly number[] | undefined {
  if (total === undefined) return widths;
  const available = total - 3 * (widths.length - 1);
  const needed = (limit: number) => widths.reduce((sum, width) => sum + Math.min(width, limit), 0);
  let limit = Math.max(LEAST_WIDTH, ...widths);
  if (needed(limit) <= available) return widths;
  if (needed(LEAST_WIDTH) > available) return widths.length === 1 ? [Math.max(1, available)] : undefined;
  let least = LEAST_WIDTH;
  while (least < limit) {
    const middle = Math.ceil((least + limit) / 2);
    if (needed(middle) <= available) least = middle;
    else limit = middle - 1;
  }
  return widths.map((width) => Math.min(width, least));
}

function printHeader({ names, widths, options }: Layout): string {
  const cells = names.map((name, index) => padText(cut(name, widths[index], options), widths[index] ?? 0, 'left'));
  const line = cells.join(' | ').trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  return `${options.color ? bold(line) : line}\n${rule}\n`;
}

function printRow({ columns, widths, options }: Layout, row: readonly Cell[]): string {
  const cells = row.map((cell, index) => {
    const width = widths[index] ?? 0;
    const side = NUMERIC.has(columns[index]?.type.kind ?? '') ? 'right' : 'left';
    const text = padText(cut(cell.text, width, options), width, side);
    return cell.isNull && options.color ? dim(text) : text;
  });
  return `${cells.join(' | ').trimEnd()}\n`;
}

/** Only a terminal needs a cut: elsewhere a wide cell moves the rest of its row. */
const cut = (text: string, width = 0, { width: terminal }: FormatOptions): string =>
  terminal === undefined ? text : cutText(text, width);

function printList({ names, options }: Layout, row: readonly Cell[], number: number): string {
  const nameWidth = Math.min(Math.max(...names.map(textWidth)), Math.floor((options.width ?? 80) / 2));
  const valueWidth = (options.width ?? 80) - nameWidth - 3;
  const lines = row.map(({ text, isNull }, index) => {
    const value = cut(text, valueWidth, options);
    const name = padText(cut(names[index] ?? '', nameWidth, options), nameWidth, 'left');
    return `${name} | ${isNull && options.color ? dim(value) : value}\n`;
  });
  const title = `- row ${number} `;
  return `${title.padEnd(Math.min(options.width ?? 80, Math.max(nameWidth + 3, title.length)), '-')}\n${lines.join('')}`;
}

const bold = (text: string): string => `\u001b[1m${text}\u001b[22m`;
const dim = (text: string): string => `\u001b[2m${text}\u001b[22m`;
