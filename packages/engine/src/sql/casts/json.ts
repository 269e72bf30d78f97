import type { TrinoType } from '../trino-type.ts';

/** `CAST(value AS json)`; undefined where there is none. */
export function castToJson(from: TrinoType, sql: string): string | undefined {
  const text = jsonText(from, sql);
  return text && `(CASE WHEN ${sql} IS NULL THEN NULL ELSE ${text} END)`;
}

/** The JSON text of a value that is not NULL. */
function jsonText(from: TrinoType, sql: string): string | undefined {
  if (from.kind === 'unknown') {
    return `'null'`;
  }
  if (
    from.kind === 'boolean' ||
    from.kind === 'tinyint' ||
    from.kind === 'smallint' ||
    from.kind === 'integer' ||
    from.kind === 'bigint' ||
    from.kind === 'decimal'
  ) {
    return `CAST(${sql} AS VARCHAR)`;
  }
  if (from.kind === 'real' || from.kind === 'double') {
    return `ergane_json_number(CAST(${sql} AS DOUBLE))`;
  }
  if (from.kind === 'varchar' || from.kind === 'char') {
    return `ergane_json_quote(${sql})`;
  }
  if (from.kind === 'json') {
    return sql;
  }
  if (from.kind === 'date') {
    return `ergane_json_quote(ergane_date_text(${sql}))`;
  }

  return undefined;
}

/** `CAST(json AS type)`. */
export function castFromJson(_to: TrinoType, _sql: string): string | undefined {
  return undefined;
}
