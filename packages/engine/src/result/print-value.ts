import { printDouble, printReal } from '../sql/runtime/number-text.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import type { ResultValue } from './query-result.ts';

/** The text of a value as an Athena client gets it: `[1, null, x]`, `{a=1}`, `01 02 ff`, `1.0E10`; NULL is null. */
export function printValue(value: ResultValue, type: TrinoType): string | null {
  return value === null ? null : print(value, type);
}

function print(value: ResultValue, type: TrinoType): string {
  if (value === null) return 'null';
  if (type.kind === 'double') {
    return printDouble(Number(value));
  }
  if (type.kind === 'real') {
    return printReal(Number(value));
  }
  if (type.kind === 'array') {
    return `[${parts(value)
      .map((item) => print(item, type.element))
      .join(', ')}]`;
  }
  if (type.kind === 'map') {
    const entries = parts(value).map((entry) => {
      const [key = null, each = null] = parts(entry);
      return `${print(key, type.key)}=${print(each, type.value)}`;
    });
    return `{${entries.join(', ')}}`;
  }
  if (type.kind === 'row') {
    const values = parts(value);
    const fields = type.fields.map(
      (field, index) => `${field.name ?? `field${index}`}=${print(values[index] ?? null, field.type)}`,
    );
    return `{${fields.join(', ')}}`;
  }

  return value instanceof Uint8Array ? hex(value) : String(value);
}

function parts(value: ResultValue): readonly ResultValue[] {
  return Array.isArray(value) ? value : [];
}

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
