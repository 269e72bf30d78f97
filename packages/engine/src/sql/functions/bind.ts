import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../trino-type.ts';
import { asDecimal, canCoerce, commonSuperType, sameType } from '../types/coercion.ts';
import { isOrderable } from '../types/orderable.ts';
import { UNKNOWN } from '../types/type-text.ts';
import { isVariable, type TypePattern } from './signature.ts';

/** The type variable that stands for types with an order. */
const ORDERABLE = 'O';

/** What the variables of a signature stand for in one call. */
export interface Bindings {
  readonly types: Map<string, TrinoType>;
  readonly numbers: Map<string, number | undefined>;
}

export const noBindings = (): Bindings => ({ types: new Map(), numbers: new Map() });

/** Whether an argument's type fits a pattern, with implicit coercion or without; fills the bindings. */
export function bind(pattern: TypePattern, type: TrinoType, bindings: Bindings, coerce: boolean): boolean {
  if (isVariable(pattern)) return bindVariable(pattern.name, type, bindings, coerce);
  if (type.kind === 'unknown' && pattern.name !== 'unknown') {
    if (coerce) bindUnknown(pattern, bindings);
    return coerce;
  }
  switch (pattern.name) {
    case 'array':
      return type.kind === 'array' && bindPart(pattern, 0, type.element, bindings, coerce);
    case 'map':
      return (
        type.kind === 'map' &&
        bindPart(pattern, 0, type.key, bindings, coerce) &&
        bindPart(pattern, 1, type.value, bindings, coerce)
      );
    case 'row':
      return bindRow(pattern, type, bindings, coerce);
    case 'decimal':
      return bindDecimal(pattern, type, bindings, coerce);
    case 'varchar':
    case 'char':
      return bindText(pattern, type, bindings, coerce);
    case 'time':
    case 'timestamp':
    case 'time with time zone':
    case 'timestamp with time zone':
      return bindInstant(pattern, type, bindings, coerce);
    default: {
      const wanted = instantiate(pattern, bindings);
      return sameType(type, wanted) || (coerce && canCoerce(type, wanted));
    }
  }
}

function bindPart(pattern: TypePattern, index: number, type: TrinoType, bindings: Bindings, coerce: boolean): boolean {
  const part = pattern.parameters[index];
  return typeof part === 'object' && bind(part, type, bindings, coerce);
}

function bindVariable(name: string, type: TrinoType, bindings: Bindings, coerce: boolean): boolean {
  if (name === ORDERABLE && !isOrderable(type)) return false;
  const known = bindings.types.get(name);
  if (!known) {
    bindings.types.set(name, type);
    return true;
  }
  if (sameType(known, type)) return true;
  const common = coerce ? commonSuperType(known, type) : undefined;
  if (!common) return false;
  bindings.types.set(name, common);
  return true;
}

function bindUnknown(pattern: TypePattern, bindings: Bindings): void {
  const least = pattern.name === 'decimal' ? [1, 0] : [0];
  for (const [index, part] of pattern.parameters.entries()) {
    if (typeof part === 'string' && !bindings.numbers.has(part)) bindings.numbers.set(part, least[index] ?? 0);
  }
  for (const part of pattern.parameters) {
    if (typeof part === 'object') {
      if (isVariable(part)) bindVariable(part.name, UNKNOWN, bindings, true);
      else bindUnknown(part, bindings);
    }
  }
}

function bindRow(pattern: TypePattern, type: TrinoType, bindings: Bindings, coerce: boolean): boolean {
  if (type.kind !== 'row') return false;
  if (pattern.parameters.length === 0) return true;
  return (
    pattern.parameters.length === type.fields.length &&
    type.fields.every((field, index) => bindPart(pattern, index, field.type, bindings, coerce))
  );
}

function bindDecimal(pattern: TypePattern, type: TrinoType, bindings: Bindings, coerce: boolean): boolean {
  const exact = type.kind === 'decimal' ? type : coerce ? asDecimal(type) : undefined;
  if (!exact) return false;
  return bindNumber(pattern, 0, exact.precision, bindings) && bindNumber(pattern, 1, exact.scale, bindings);
}

function bindText(pattern: TypePattern, type: TrinoType, bindings: Bindings, coerce: boolean): boolean {
  if (type.kind === pattern.name && (type.kind === 'varchar' || type.kind === 'char')) {
    return pattern.parameters.length === 0 || bindNumber(pattern, 0, type.length, bindings);
  }
  if (!coerce || type.kind !== 'char' || pattern.name !== 'varchar') return false;
  return pattern.parameters.length === 0 || bindNumber(pattern, 0, type.length, bindings);
}

function bindInstant(pattern: TypePattern, type: TrinoType, bindings: Bindings, coerce: boolean): boolean {
  if (type.kind === pattern.name && 'precision' in type) return bindNumber(pattern, 0, type.precision, bindings);
  if (!coerce) return false;
  const zoned = pattern.name.endsWith(' with time zone');
  const base = zoned ? pattern.name.slice(0, -' with time zone'.length) : pattern.name;
  if (zoned && type.kind === base && 'precision' in type) return bindNumber(pattern, 0, type.precision, bindings);
  return base === 'timestamp' && type.kind === 'date' && bindNumber(pattern, 0, 0, bindings);
}

function bindNumber(pattern: TypePattern, index: number, value: number | undefined, bindings: Bindings): boolean {
  const parameter = pattern.parameters[index];
  if (parameter === undefined) return true;
  if (typeof parameter === 'number') return parameter === value;
  if (typeof parameter === 'object') return false;
  const known = bindings.numbers.get(parameter);
  const both =
    known === undefined || value === undefined
      ? bindings.numbers.has(parameter)
        ? undefined
        : value
      : Math.max(known, value);
  bindings.numbers.set(parameter, both);
  return true;
}

/** The type that a pattern stands for in a call. */
export function instantiate(pattern: TypePattern, bindings: Bindings): TrinoType {
  if (isVariable(pattern)) return bindings.types.get(pattern.name) ?? UNKNOWN;
  const part = (index: number): TrinoType => {
    const parameter = pattern.parameters[index];
    return typeof parameter === 'object' ? instantiate(parameter, bindings) : UNKNOWN;
  };
  const number = (index: number): number | undefined => {
    const parameter = pattern.parameters[index];
    return typeof parameter === 'string'
      ? bindings.numbers.get(parameter)
      : typeof parameter === 'number'
        ? parameter
        : undefined;
  };
  switch (pattern.name) {
    case 'array':
      return { kind: 'array', element: part(0) };
    case 'qdigest':
      return { kind: 'qdigest', element: part(0) };
    case 'map':
      return { kind: 'map', key: part(0), value: part(1) };
    case 'row':
      return { kind: 'row', fields: pattern.parameters.map((_parameter, index) => ({ type: part(index) })) };
    case 'function': {
      const all = pattern.parameters.map((_parameter, index) => part(index));
      return { kind: 'function', parameters: all.slice(0, -1), result: all.at(-1) ?? UNKNOWN };
    }
    case 'decimal':
      return { kind: 'decimal', precision: Math.min(38, number(0) ?? 38), scale: number(1) ?? 0 };
    case 'varchar': {
      const length = number(0);
      return length === undefined ? { kind: 'varchar' } : { kind: 'varchar', length };
    }
    case 'char':
      return { kind: 'char', length: number(0) ?? 1 };
    case 'time':
    case 'timestamp':
    case 'time with time zone':
    case 'timestamp with time zone':
      return { kind: pattern.name, precision: number(0) ?? 3 };
    default:
      return plain(pattern.name);
  }
}

function plain(name: string): TrinoType {
  switch (name) {
    case 'unknown':
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'date':
    case 'varbinary':
    case 'json':
    case 'uuid':
    case 'ipaddress':
    case 'interval day to second':
    case 'interval year to month':
    case 'hyperloglog':
    case 'tdigest':
    case 'setdigest':
    case 'color':
    case 'bingtile':
    case 'geometry':
      return { kind: name };
    default:
      throw new ErganeError('INTERNAL', `a signature names the type ${name}`);
  }
}
