import type { Value } from '@ergane/protocol';
import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../sql/trino-type.ts';

/** How Hive writes NULL as the value of a partition. */
export const NULL_PARTITION = '__HIVE_DEFAULT_PARTITION__';

/**
 * The value that a partition's text stands for, as constraints hold it.
 * @throws ErganeError FILE_INVALID when the text is none of the type
 */
export function parsePartitionValue(text: string, type: TrinoType, column: string): Value | null {
  if (text === NULL_PARTITION) return null;
  const value = parse(text, type);
  if (value !== undefined) return value;
  throw new ErganeError(
    'FILE_INVALID',
    `partition value "${text}" of column ${column} is no ${type.kind}: drop the partition, or declare the column as string`,
    { where: { column } },
  );
}

function parse(text: string, type: TrinoType): Value | undefined {
  switch (type.kind) {
    case 'varchar':
    case 'char':
      return text;
    case 'boolean':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined;
    case 'tinyint':
      return parseInteger(text, 8);
    case 'smallint':
      return parseInteger(text, 16);
    case 'integer':
      return parseInteger(text, 32);
    case 'bigint': {
      const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
      return value !== undefined && BigInt.asIntN(64, value) === value ? value : undefined;
    }
    case 'real':
    case 'double': {
      const value = Number(text);
      return text.trim() === '' || Number.isNaN(value) ? undefined : value;
    }
    case 'decimal':
      return parseDecimal(text, type.precision, type.scale);
    case 'date': {
      const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
      return Number.isNaN(ms) ? undefined : ms / 86_400_000;
    }
    case 'timestamp': {
      const found = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)\d*)?$/.exec(text);
      const ms = found === null ? Number.NaN : Date.parse(`${found[1]}T${found[2] ?? '00:00:00'}Z`);
      return Number.isNaN(ms) ? undefined : BigInt(ms);
    }
    case 'unknown':
    case 'varbinary':
    case 'json':
    case 'uuid':
    case 'ipaddress':
    case 'interval day to second':
    case 'interval year to month':
    case 'time':
    case 'time with time zone':
    case 'timestamp with time zone':
    case 'array':
    case 'map':
    case 'row':
    case 'function':
    case 'hyperloglog':
    case 'qdigest':
    case 'tdigest':
    case 'setdigest':
    case 'color':
    case 'bingtile':
    case 'geometry':
      return undefined;
  }
}

function parseInteger(text: string, bits: number): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1) ? value : undefined;
}

function parseDecimal(text: string, precision: number, scale: number): bigint | undefined {
  const found = /^([+-]?)(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = found?.[3] ?? '';
  if (found === null || fraction.replace(/0+$/, '').length > scale) return undefined;
  const unscaled = BigInt(`${found[2]}${fraction.slice(0, scale).padEnd(scale, '0')}`);
  if (unscaled >= 10n ** BigInt(precision)) return undefined;
  return found[1] === '-' ? -unscaled : unscaled;
}
