import { DataType } from 'apache-arrow';
import { parseDateText, parseTimestampText } from './date-time.ts';
import type { Fit } from './fit-plain.ts';
import { makePlainFit } from './fit-plain.ts';
import { Misfit } from './misfit.ts';
import { parseJson } from './parse-json.ts';
import { NumberText } from './plain-value.ts';

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/;
const DOUBLES: Readonly<Record<string, number>> = { nan: NaN, infinity: Infinity, '-infinity': -Infinity };
const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

/**
 * How values of a source that has text alone become those of a column: numbers in decimal, `true`, `false`, `1`, `0`, dates and
 * timestamps in ISO 8601 (or as a whole number of days or milliseconds), arrays, maps and rows as JSON. Empty text is NULL but for varchar.
 */
export function makeTextFit(type: DataType): (text: string) => unknown {
  if (DataType.isUtf8(type)) return (text) => text;
  if (DataType.isBinary(type)) return (text) => Buffer.from(text);
  const fit = makePlainFit(type);
  const read = makeReader(type, fit);
  return (text) => {
    const trimmed = text.trim();
    if (trimmed === '') return null;
    const value = read(trimmed);
    if (value === undefined) throw new Misfit(text, type);
    return value;
  };
}

function makeReader(type: DataType, fit: Fit): (text: string) => unknown {
  if (DataType.isBool(type)) return (text) => BOOLEANS[text.toLowerCase()];
  if (DataType.isFloat(type))
    return (text) => (NUMBER.test(text) ? Number(text) : DOUBLES[text.toLowerCase().replace(/^\+/, '')]);
  if (DataType.isInt(type) || DataType.isDecimal(type))
    return (text) => (NUMBER.test(text) ? fit(new NumberText(text)) : undefined);
  if (DataType.isDate(type) && type.unit === 0)
    return (text) => (/^-?\d+$/.test(text) ? Number(text) : parseDateText(text));
  if (DataType.isDate(type) || DataType.isTimestamp(type))
    return (text) => (/^-?\d+$/.test(text) ? BigInt(text) : parseTimestampText(text));
  return (text) => fit(parseJsonText(text, type));
}

function parseJsonText(text: string, type: DataType): ReturnType<typeof parseJson> {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Misfit(text, type);
    throw error;
  }
}
