import { didYouMean } from '../suggest.ts';
import { UsageError } from '../usage-error.ts';
import type { Format } from './format.ts';

/** Every output format, loaded when it is asked for. */
const FORMATS = {
  table: async () => (await import('./table.ts')).printTable,
  csv: async () => (await import('./csv.ts')).printCsv,
  tsv: async () => (await import('./tsv.ts')).printTsv,
  json: async () => (await import('./json.ts')).printJson,
  ndjson: async () => (await import('./json.ts')).printNdjson,
  parquet: async () => (await import('./parquet.ts')).printParquet,
  arrow: async () => (await import('./arrow.ts')).printArrow,
} as const satisfies Record<string, () => Promise<Format>>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS).filter(isFormatName);

/** Formats that no terminal can show, and that hold one result. */
export const BINARY_FORMATS: readonly FormatName[] = ['parquet', 'arrow'];

export function isFormatName(name: string): name is FormatName {
  return Object.hasOwn(FORMATS, name);
}

/** @throws UsageError */
export function parseFormatName(name: string): FormatName {
  if (isFormatName(name)) return name;
  const message = `there is no format "${name}"${didYouMean(name, FORMAT_NAMES) || `; there are ${FORMAT_NAMES.join(', ')}`}`;
  throw new UsageError(message);
}

export function loadFormat(name: FormatName): Promise<Format> {
  return FORMATS[name]();
}
