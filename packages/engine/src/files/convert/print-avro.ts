import avro, { type Type } from 'avsc';

/**
 * A value of an Avro type as JSON. NaN and infinities are strings after the mark that stands before numbers which JSON cannot have
 * (see `ergane_json_numbers`).
 */
export function printAvro(type: Type, value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (type instanceof avro.types.RecordType) {
    const record = membersOf(value);
    return `{${type.fields.map((field) => `${JSON.stringify(field.name)}:${printAvro(field.type, record[field.name])}`).join()}}`;
  }
  if (type instanceof avro.types.ArrayType && Array.isArray(value))
    return `[${value.map((item: unknown) => printAvro(type.itemsType, item)).join()}]`;
  if (type instanceof avro.types.MapType) {
    const entries = Object.entries(membersOf(value));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${printAvro(type.valuesType, item)}`).join()}}`;
  }
  if (type instanceof avro.types.WrappedUnionType) {
    const [[branch, inner] = ['null', null]] = Object.entries(membersOf(value));
    const found = type.types.find((each) => each.branchName === branch);
    return found === undefined ? 'null' : printAvro(found, inner);
  }
  return printScalar(value);
}

function printScalar(value: unknown): string {
  if (Buffer.isBuffer(value)) return JSON.stringify(value.toString('base64'));
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : JSON.stringify(`\u0001${value}`);
  return JSON.stringify(value);
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
