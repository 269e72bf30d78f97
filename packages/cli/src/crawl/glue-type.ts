import { printType, type TrinoType } from '@ergane/engine';

const NAMES: Readonly<Record<string, string>> = {
  varchar: 'string',
  integer: 'int',
  real: 'float',
  varbinary: 'binary',
  timestamp: 'timestamp',
  'timestamp with time zone': 'timestamptz',
};

/** A type as Glue writes it: `array<string>`, `struct<a:int>`; odd characters of field names are escaped by a backslash. */
export function glueType(type: TrinoType): string {
  if (type.kind === 'decimal') return `decimal(${type.precision},${type.scale})`;
  if (type.kind === 'array') return `array<${glueType(type.element)}>`;
  if (type.kind === 'map') return `map<${glueType(type.key)},${glueType(type.value)}>`;
  if (type.kind === 'row') {
    const fields = type.fields.map(({ name = '', type: field }) => `${escapeName(name)}:${glueType(field)}`);
    return `struct<${fields.join(',')}>`;
  }
  return NAMES[type.kind] ?? printType(type);
}

function escapeName(name: string): string {
  return name.replace(/[^A-Za-z0-9_]/g, (character) => `\\${character}`);
}
