import type { TrinoType } from '../trino-type.ts';
import { UNKNOWN, arrayOf, decimal, printType } from './type-text.ts';

const INTEGERS = ['tinyint', 'smallint', 'integer', 'bigint'] as const;
const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };

export const isInteger = (type: TrinoType) => type.kind in INTEGER_DIGITS;
export const isNumeric = (type: TrinoType) =>
  isInteger(type) || type.kind === 'decimal' || type.kind === 'real' || type.kind === 'double';

export function sameType(a: TrinoType, b: TrinoType): boolean {
  return a === b || (a.kind === b.kind && printType(a) === printType(b));
}

/** The decimal that holds every value of an integer or decimal type. */
export function asDecimal(type: TrinoType): Extract<TrinoType, { kind: 'decimal' }> | undefined {
  if (type.kind === 'decimal') return type;
  const digits = INTEGER_DIGITS[type.kind];
  return digits === undefined ? undefined : { kind: 'decimal', precision: digits, scale: 0 };
}

/** The type that both coerce to implicitly (Trino's TypeCoercion), or undefined. */
export function commonSuperType(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === 'unknown') return b;
  if (b.kind === 'unknown') return a;
  return commonNumber(a, b) ?? commonText(a, b) ?? commonInstant(a, b) ?? commonNested(a, b) ?? undefined;
}

export function canCoerce(from: TrinoType, to: TrinoType): boolean {
  const common = commonSuperType(from, to);
  return common !== undefined && sameType(common, to);
}

export function commonOf(types: readonly TrinoType[]): TrinoType | undefined {
  return types.reduce<TrinoType | undefined>((all, type) => all && commonSuperType(all, type), UNKNOWN);
}

function commonNumber(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (!isNumeric(a) || !isNumeric(b)) return undefined;
  if (a.kind === 'double' || b.kind === 'double') return { kind: 'double' };
  if (a.kind === 'real' || b.kind === 'real') return { kind: 'real' };
  if (isInteger(a) && isInteger(b)) {
    const rank = (type: TrinoType) => INTEGERS.findIndex((kind) => kind === type.kind);
    return rank(a) >= rank(b) ? a : b;
  }
  const left = asDecimal(a);
  const right = asDecimal(b);
  if (!left || !right) return undefined;
  const scale = Math.max(left.scale, right.scale);
  const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
  return decimal(Math.min(38, whole + scale), scale);
}

function commonText(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (a.kind === 'varchar' && b.kind === 'varchar') {
    if (a.length === undefined || b.length === undefined) return { kind: 'varchar' };
    return a.length >= b.length ? a : b;
  }
  const isText = (type: TrinoType) => type.kind === 'varchar' || type.kind === 'char';
  if (!isText(a) || !isText(b)) return undefined;
  const length = (type: TrinoType) =>
    type.kind === 'char' ? type.length : type.kind === 'varchar' ? (type.length ?? 65_536) : 0;
  return { kind: 'char', length: Math.min(65_536, Math.max(length(a), length(b))) };
}

const PRECISE = ['time', 'time with time zone', 'timestamp', 'timestamp with time zone'] as const;

function commonInstant(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (a.kind === 'date' || b.kind === 'date') {
    const other = a.kind === 'date' ? b : a;
    return other.kind === 'timestamp' || other.kind === 'timestamp with time zone' ? other : undefined;
  }
  for (const kind of PRECISE) {
    if (a.kind === kind && b.kind === kind) return a.precision >= b.precision ? a : b;
  }
  for (const kind of ['time', 'timestamp'] as const) {
    const zoned = `${kind} with time zone` as const;
    const [plain, other] = a.kind === kind ? [a, b] : [b, a];
    if (plain.kind === kind && other.kind === zoned) {
      return { kind: zoned, precision: Math.max(plain.precision, other.precision) };
    }
  }
  return undefined;
}

function commonNested(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (a.kind === 'array' && b.kind === 'array') {
    const element = commonSuperType(a.element, b.element);
    return element && arrayOf(element);
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = commonSuperType(a.key, b.key);
    const value = commonSuperType(a.value, b.value);
    return key && value && { kind: 'map', key, value };
  }
  if (a.kind === 'row' && b.kind === 'row' && a.fields.length === b.fields.length) {
    const fields = a.fields.map((field, index) => {
      const other = b.fields[index];
      const type = other && commonSuperType(field.type, other.type);
      if (!type) return undefined;
      return field.name !== undefined && field.name === other.name ? { name: field.name, type } : { type };
    });
    const known = fields.filter((field) => field !== undefined);
    return known.length === fields.length ? { kind: 'row', fields: known } : undefined;
  }
  return undefined;
}
