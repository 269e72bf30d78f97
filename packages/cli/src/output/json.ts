import { printValue, type ResultValue, type TrinoType } from '@ergane/engine';
import { fieldNames, makeUnique, type Format, type Printable } from './format.ts';

/** One array of objects, a row a line. */
export const printJson: Format = async function* (result) {
  if (result.columns.length === 0) return;
  let before = '[\n';
  for await (const rows of printRows(result)) {
    yield before + rows.join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
};

/** An object a line. */
export const printNdjson: Format = async function* (result) {
  if (result.columns.length === 0) return;
  for await (const rows of printRows(result)) yield `${rows.join('\n')}\n`;
};

async function* printRows({ columns, batches }: Printable): AsyncGenerator<string[]> {
  const keys = makeUnique(columns.map(({ name }) => name)).map((name) => JSON.stringify(name));
  for await (const rows of batches) {
    if (rows.length === 0) continue;
    yield rows.map((row) => {
      const members = columns.map(({ type }, index) => `${keys[index]}:${toJson(row[index] ?? null, type)}`);
      return `{${members.join(',')}}`;
    });
  }
}

/**
 * Numbers are numbers with all their digits, but decimals are texts (a reader's floating point would change them), and so are NaN and
 * the infinities. varbinary is base64; arrays are arrays; rows are objects; a map is an object, its keys printed.
 */
export function toJson(value: ResultValue, type: TrinoType): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? printNumber(value) : `"${value}"`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  if (type.kind === 'array') return `[${value.map((item) => toJson(item, type.element)).join(',')}]`;
  if (type.kind === 'map') return `{${value.map((entry) => printEntry(entry, type)).join(',')}}`;
  if (type.kind !== 'row') return JSON.stringify(printValue(value, type));
  const names = fieldNames(type.fields).map((name) => JSON.stringify(name));
  return `{${type.fields.map((field, index) => `${names[index]}:${toJson(value[index] ?? null, field.type)}`).join(',')}}`;
}

function printEntry(entry: ResultValue, { key, value }: TrinoType & { readonly kind: 'map' }): string {
  const [entryKey = null, entryValue = null] = isList(entry) ? entry : [];
  const name = typeof entryKey === 'string' ? entryKey : (printValue(entryKey, key) ?? 'NULL');
  return `${JSON.stringify(name)}:${toJson(entryValue, value)}`;
}

function isList(value: ResultValue): value is readonly ResultValue[] {
  return Array.isArray(value);
}

/** JSON.stringify loses the sign of zero. */
const printNumber = (value: number): string => (Object.is(value, -0) ? '-0.0' : String(value));
