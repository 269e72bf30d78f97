import { ErganeError } from '@ergane/protocol';
import type { TypeNode, TypeParameterNode } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';

export const UNKNOWN: TrinoType = { kind: 'unknown' };
export const BOOLEAN: TrinoType = { kind: 'boolean' };
export const INTEGER: TrinoType = { kind: 'integer' };
export const BIGINT: TrinoType = { kind: 'bigint' };
export const DOUBLE: TrinoType = { kind: 'double' };
export const REAL: TrinoType = { kind: 'real' };
export const VARCHAR: TrinoType = { kind: 'varchar' };
export const VARBINARY: TrinoType = { kind: 'varbinary' };
export const DATE: TrinoType = { kind: 'date' };
export const JSON_TYPE: TrinoType = { kind: 'json' };
export const decimal = (precision: number, scale: number): TrinoType => ({ kind: 'decimal', precision, scale });
export const varchar = (length: number): TrinoType => ({ kind: 'varchar', length });
export const arrayOf = (element: TrinoType): TrinoType => ({ kind: 'array', element });

/** A type as `typeof()` names it. */
export function printType(type: TrinoType): string {
  if (type.kind === 'decimal') {
    return `decimal(${type.precision},${type.scale})`;
  }
  if (type.kind === 'varchar') {
    return type.length === undefined ? 'varchar' : `varchar(${type.length})`;
  }
  if (type.kind === 'char') {
    return `char(${type.length})`;
  }
  if (type.kind === 'time' || type.kind === 'timestamp') {
    return `${type.kind}(${type.precision})`;
  }
  if (type.kind === 'time with time zone' || type.kind === 'timestamp with time zone') {
    const [base] = type.kind.split(' ');
    return `${base}(${type.precision}) with time zone`;
  }
  if (type.kind === 'array') {
    return `array(${printType(type.element)})`;
  }
  if (type.kind === 'map') {
    return `map(${printType(type.key)}, ${printType(type.value)})`;
  }
  if (type.kind === 'row') {
    return `row(${type.fields.map((field) => `${field.name === undefined ? '' : `${printName(field.name)} `}${printType(field.type)}`).join(', ')})`;
  }
  if (type.kind === 'function') {
    return `function(${[...type.parameters, type.result].map(printType).join(', ')})`;
  }
  if (type.kind === 'hyperloglog') {
    return 'HyperLogLog';
  }
  if (type.kind === 'setdigest') {
    return 'SetDigest';
  }
  if (type.kind === 'bingtile') return 'BingTile';
  if (type.kind === 'geometry') return 'Geometry';
  if (type.kind === 'qdigest') {
    return `qdigest(${printType(type.element)})`;
  }

  return type.kind;
}

const printName = (name: string) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

const ALIASES: Readonly<Record<string, string>> = { int: 'integer', string: 'varchar', float: 'real' };
const PLAIN = new Set([
  'unknown',
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'date',
  'varbinary',
  'json',
  'uuid',
  'ipaddress',
  'interval day to second',
  'interval year to month',
  'hyperloglog',
  'tdigest',
  'setdigest',
  'color',
  'bingtile',
  'geometry',
]);

function isPlain(name: string): name is Extract<TrinoType, { kind: 'boolean' | 'date' }>['kind'] {
  return PLAIN.has(name);
}

/** The type that a type's text in a statement names. Throws TYPE_NOT_FOUND-like TYPE_MISMATCH, INVALID_FUNCTION_ARGUMENT for bad parameters. */
export function resolveType(node: TypeNode): TrinoType {
  const name = ALIASES[node.name] ?? node.name;
  if (isPlain(name)) return { kind: name };
  const number = (index: number, fallback: number) => numberAt(node.parameters, index) ?? fallback;
  switch (name) {
    case 'decimal':
      return checkedDecimal(number(0, 38), number(1, 0), node);
    case 'varchar': {
      const length = numberAt(node.parameters, 0);
      return length === undefined ? VARCHAR : varchar(length);
    }
    case 'char': {
      const length = number(0, 1);
      if (length > 65_536) throw fail(node, `CHAR length must be in range [0, 65536], got ${length}`);
      return { kind: 'char', length };
    }
    case 'time':
    case 'timestamp':
    case 'time with time zone':
    case 'timestamp with time zone': {
      const precision = number(0, 3);
      const base = name.split(' ', 1).join('').toUpperCase();
      if (precision > 12) throw fail(node, `${base} precision must be in range [0, 12]: ${precision}`);
      return { kind: name, precision };
    }
    case 'array':
      return arrayOf(typeAt(node, 0));
    case 'qdigest':
      return { kind: 'qdigest', element: typeAt(node, 0) };
    case 'map':
      return { kind: 'map', key: typeAt(node, 0), value: typeAt(node, 1) };
    case 'row':
      return { kind: 'row', fields: node.parameters.map((parameter) => rowField(node, parameter)) };
    default: {
      const { line, col } = node.at;
      throw new ErganeError('TYPE_NOT_FOUND', `line ${line}:${col}: Unknown type: ${node.name}`, {
        where: { line, col },
      });
    }
  }
}

function rowField(node: TypeNode, parameter: TypeParameterNode) {
  if (parameter.kind === 'number') throw fail(node, 'a row type takes types');
  const type = resolveType(parameter.type);
  return parameter.field === undefined ? { type } : { name: parameter.field, type };
}

function checkedDecimal(precision: number, scale: number, node: TypeNode): TrinoType {
  if (precision < 1 || precision > 38) throw fail(node, `DECIMAL precision must be in range [1, 38]: ${precision}`);
  if (scale > precision) throw fail(node, `DECIMAL scale must be in range [0, precision (${precision})]: ${scale}`);
  return decimal(precision, scale);
}

function numberAt(parameters: readonly TypeParameterNode[], index: number): number | undefined {
  const parameter = parameters[index];
  return parameter?.kind === 'number' ? parameter.value : undefined;
}

function typeAt(node: TypeNode, index: number): TrinoType {
  const parameter = node.parameters[index];
  if (parameter?.kind !== 'type') throw fail(node, `${node.name} lacks a type parameter`);
  return resolveType(parameter.type);
}

function fail(node: TypeNode, message: string): ErganeError {
  const { line, col } = node.at;
  return new ErganeError('INVALID_FUNCTION_ARGUMENT', `line ${line}:${col}: ${message}`, { where: { line, col } });
}
