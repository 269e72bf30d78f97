import type { Expression, Position } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { duckdbType } from '../types/physical-type.ts';
import { BIGINT, BOOLEAN, DATE, DOUBLE, INTEGER, UNKNOWN, VARBINARY, decimal, varchar } from '../types/type-text.ts';
import { failAt, quoteText, type Typed } from './typed.ts';
import { PICOS_PER_DAY, daysOf, parseTime, parseTimestamp } from '../runtime/instant-text.ts';

type Literal = Extract<
  Expression,
  { kind: 'null' | 'boolean' | 'integer' | 'decimal' | 'double' | 'string' | 'binary' }
>;

/** A literal in DuckDB, with Trino's type for it. */
export function literal(node: Literal): Typed {
  switch (node.kind) {
    case 'null':
      return { type: UNKNOWN, sql: 'CAST(NULL AS INTEGER)' };
    case 'boolean':
      return { type: BOOLEAN, sql: node.value ? 'true' : 'false' };
    case 'integer':
      return integerLiteral(BigInt(node.text), node.at, node.text);
    case 'decimal':
      return decimalLiteral(node.text, node.at);
    case 'double':
      return doubleLiteral(Number(node.text));
    case 'string':
      return textLiteral(node.text);
    case 'binary':
      if (node.text.length % 2 === 1 || /[^0-9a-f]/i.test(node.text)) {
        throw failAt('SYNTAX_ERROR', node.at, 'Binary literal must contain an even number of hexadecimal digits');
      }
      return { type: VARBINARY, sql: `from_hex(${quoteText(node.text)})` };
  }
}

export function integerLiteral(value: bigint, at: Position, text: string): Typed {
  const type = value >= -2147483648n && value <= 2147483647n ? INTEGER : BIGINT;
  if (value > 9223372036854775807n || value < -9223372036854775808n) {
    throw failAt('SYNTAX_ERROR', at, `Invalid numeric literal: ${text}`);
  }
  return { type, sql: `CAST(${value} AS ${duckdbType(type)})`, literal: { unscaled: value, scale: 0 } };
}

/** `1.50` is decimal(3,2): leading zeros do not count. */
export function decimalLiteral(text: string, at: Position): Typed {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim().replaceAll('_', ''));
  const [, sign = '', whole = '', fraction = ''] = match ?? [];
  if (!match || (whole === '' && fraction === '')) {
    throw failAt('INVALID_LITERAL', at, `'${text}' is not a valid DECIMAL literal`);
  }
  const digits = whole.replace(/^0+/, '');
  const precision = Math.max(1, digits.length + fraction.length);
  if (precision > 38) throw failAt('INVALID_LITERAL', at, `'${text}' is not a valid DECIMAL literal`);
  const type = decimal(precision, fraction.length);
  const magnitude = BigInt(`${digits}${fraction}` || '0');
  const unscaled = sign === '-' ? -magnitude : magnitude;
  return decimalConstant(unscaled, type);
}

export function decimalConstant(unscaled: bigint, type: TrinoType): Typed {
  const scale = type.kind === 'decimal' ? type.scale : 0;
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const text = `${unscaled < 0n ? '-' : ''}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
  return { type, sql: `CAST(${quoteText(text)} AS ${duckdbType(type)})`, literal: { unscaled, scale } };
}

export function doubleLiteral(value: number): Typed {
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  return { type: DOUBLE, sql: `CAST(${quoteText(text)} AS DOUBLE)`, literal: { double: value } };
}

export function textLiteral(text: string): Typed {
  return { type: varchar([...text].length), sql: quoteText(text), literal: { text } };
}

/** `DATE '…'`, `TIMESTAMP '…'`, `TIME '…'`; undefined for types whose literal is a cast of text. */
export function instantLiteral(name: string, text: string, at: Position): Typed | undefined {
  const wrong = () => failAt('INVALID_LITERAL', at, `'${text}' is not a valid ${name.toUpperCase()} literal`);
  switch (name) {
    case 'date': {
      const match = /^\s*([+-]?\d+)-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
      if (!match) throw wrong();
      const days = daysOf(Number(match[1]), Number(match[2]), Number(match[3]));
      if (days === undefined) throw wrong();
      return { type: DATE, sql: dateSql(BigInt(days)), literal: { picos: BigInt(days) * PICOS_PER_DAY } };
    }
    case 'timestamp': {
      const parsed = parseTimestamp(text.trim());
      if (!parsed) throw wrong();
      return timestampConstant(parsed);
    }
    case 'time': {
      const parsed = parseTime(text.trim());
      if (!parsed) throw wrong();
      if (parsed.offset === undefined) {
        return { type: { kind: 'time', precision: parsed.precision }, sql: `CAST(${parsed.picos} AS BIGINT)` };
      }
      const packed = parsed.picos * 4096n + BigInt(parsed.offset + 1024);
      return {
        type: { kind: 'time with time zone', precision: parsed.precision },
        sql: `CAST(${packed} AS HUGEINT)`,
      };
    }
    default:
      return undefined;
  }
}

/** A date as a literal where DuckDB can write it, so that it reaches the plan as a constant. */
export function dateSql(days: bigint): string {
  const date = new Date(Number(days) * 86_400_000);
  const year = date.getUTCFullYear();
  if (year < 1 || year > 9999) return `(DATE '1970-01-01' + CAST(${days} AS INTEGER))`;
  return `DATE '${date.toISOString().slice(0, 10)}'`;
}

export function timestampConstant(parsed: NonNullable<ReturnType<typeof parseTimestamp>>): Typed {
  const { picos, precision, zoneKey } = parsed;
  if (zoneKey === undefined) {
    const type: TrinoType = { kind: 'timestamp', precision };
    const sql = precision <= 6 ? `make_timestamp(CAST(${picos / 1_000_000n} AS BIGINT))` : `CAST(${picos} AS HUGEINT)`;
    return { type, sql, literal: { picos } };
  }
  const type: TrinoType = { kind: 'timestamp with time zone', precision };
  const key = BigInt(zoneKey);
  const sql =
    precision <= 3
      ? `CAST(${(picos / 1_000_000_000n) * 4096n + key} AS BIGINT)`
      : `CAST(${picos * 4096n + key} AS HUGEINT)`;
  return { type, sql, literal: { picos, zoneKey } };
}
