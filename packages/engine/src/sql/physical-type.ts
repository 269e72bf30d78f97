import type { TrinoType } from './trino-type.ts';
export function duckdbType(t: TrinoType): string {
  switch (t.kind) {
    case 'decimal':
      return `DECIMAL(${t.precision},${t.scale})`;
    case 'varchar':
    case 'char':
      return 'VARCHAR';
    case 'varbinary':
      return 'BLOB';
    case 'real':
      return 'FLOAT';
    case 'timestamp':
      return 'TIMESTAMP';
    case 'array':
      return duckdbType(t.element) + '[]';
    case 'map':
      return `MAP(${duckdbType(t.key)}, ${duckdbType(t.value)})`;
    case 'row':
      return `STRUCT(${t.fields.map((f, i) => `"${f.name ?? 'field' + i}" ${duckdbType(f.type)}`).join(', ')})`;
    default:
      return t.kind.toUpperCase();
  }
}
