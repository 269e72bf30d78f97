import { DataType } from 'apache-arrow';
import { parseDateText, parseTimestampText } from './date-time.ts';
import { Misfit } from './misfit.ts';
import { plainText } from './plain-text.ts';
import { isDocument, isList, numberText, NumberText } from './plain-value.ts';
import type { PlainValue } from './plain-value.ts';
import { parseUnscaled } from './unscaled.ts';

/** Brings a value into the form that the SDK's column writers take; null stays null. @throws Misfit when the type cannot hold it */
export type Fit = (value: PlainValue) => unknown;

const DAY = 86_400_000;
/** not NaN or an infinity */
const IS_DECIMAL = /^[-+]?[\d.]/;

/**
 * How values of documents become those of a column. Varchar takes every value; dates are text (ISO 8601), days, or a moment at midnight
 * UTC; timestamps are text, milliseconds, or a moment; varbinary takes bytes, and text as its UTF-8.
 */
export function makePlainFit(type: DataType): Fit {
  const fit = makeFit(type);
  return (value) => {
    if (value === null) return null;
    const fitted = fit(value);
    if (fitted === undefined) throw new Misfit(value, type);
    return fitted;
  };
}

/** undefined: it does not fit */
function makeFit(type: DataType): (value: Exclude<PlainValue, null>) => unknown {
  if (DataType.isUtf8(type)) return plainText;
  if (DataType.isBool(type)) return (value) => (typeof value === 'boolean' ? value : undefined);
  if (DataType.isBinary(type)) return fitBytes;
  if (DataType.isInt(type)) return type.bitWidth === 64 ? fitBigint : (value) => fitInteger(value, type.bitWidth);
  if (DataType.isFloat(type)) return fitDouble;
  if (DataType.isDecimal(type)) return (value) => fitDecimal(value, type.precision, type.scale);
  if (DataType.isDate(type)) return type.unit === 0 ? fitDay : fitMoment;
  if (DataType.isTimestamp(type)) return fitMoment;
  return makeNestedFit(type);
}

function makeNestedFit(type: DataType): (value: Exclude<PlainValue, null>) => unknown {
  if (DataType.isList(type)) {
    const element = makePlainFit(type.valueType);
    return (value) => (isList(value) ? value.map(element) : undefined);
  }
  if (DataType.isMap(type)) {
    const member = makePlainFit(type.valueType);
    return (value) =>
      isDocument(value) ? Object.entries(value).map(([name, each]) => [name, member(each)]) : undefined;
  }
  if (DataType.isStruct(type)) {
    const fields = type.children.map(({ name, type }) => ({ name, fit: makePlainFit(type) }));
    return (value) => {
      if (!isDocument(value)) return undefined;
      return fields.map(({ name, fit }) => fit(Object.hasOwn(value, name) ? (value[name] ?? null) : null));
    };
  }
  return () => undefined;
}

function fitBytes(value: PlainValue): Uint8Array | undefined {
  if (typeof value === 'string') return Buffer.from(value);
  return value instanceof Uint8Array ? value : undefined;
}

function fitBigint(value: PlainValue): bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  const whole = typeof value === 'bigint' ? value : wholeOf(value);
  return whole === undefined || BigInt.asIntN(64, whole) !== whole ? undefined : whole;
}

function wholeOf(value: PlainValue): bigint | undefined {
  return value instanceof NumberText && IS_DECIMAL.test(value.text) ? parseUnscaled(value.text, 38, 0) : undefined;
}

function fitInteger(value: PlainValue, bits: number): number | undefined {
  const whole = fitBigint(value);
  return whole === undefined || BigInt.asIntN(bits, whole) !== whole ? undefined : Number(whole);
}

function fitDouble(value: PlainValue): number | undefined {
  if (typeof value === 'number') return value;
  const text = numberText(value);
  return text === undefined ? undefined : Number(text);
}

function fitDecimal(value: PlainValue, precision: number, scale: number): bigint | undefined {
  const text = numberText(value);
  if (text === undefined || !IS_DECIMAL.test(text)) return undefined;
  return parseUnscaled(text, precision, scale);
}

function fitDay(value: PlainValue): number | undefined {
  if (typeof value === 'string') return parseDateText(value);
  if (value instanceof Date) return value.getTime() % DAY === 0 ? value.getTime() / DAY : undefined;
  return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
}

function fitMoment(value: PlainValue): bigint | undefined {
  if (typeof value === 'string') return parseTimestampText(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : BigInt(value.getTime());
  return fitBigint(value);
}
