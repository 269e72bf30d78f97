import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  FLOAT,
  INTEGER,
  LIST,
  MAP,
  SMALLINT,
  STRUCT,
  TIMESTAMP,
  TINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import type { DuckDBType } from '@duckdb/node-api';
import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../sql/trino-type.ts';

/** The types that a column on Athena's wire can have. */
export type ScannedType =
  | {
      readonly kind:
        'boolean' | 'tinyint' | 'smallint' | 'integer' | 'bigint' | 'real' | 'double' | 'date' | 'varbinary';
    }
  | { readonly kind: 'timestamp' | 'timestamp with time zone'; readonly precision: number }
  | Extract<TrinoType, { readonly kind: 'decimal' | 'varchar' | 'array' | 'map' | 'row' }>;

const SCANNED: ReadonlySet<string> = new Set<ScannedType['kind']>([
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'decimal',
  'varchar',
  'varbinary',
  'date',
  'timestamp',
  'timestamp with time zone',
  'array',
  'map',
  'row',
]);

export function scannedType(type: TrinoType): ScannedType {
  if (isScanned(type)) return type;
  throw new ErganeError('NOT_SUPPORTED', `a column of type ${type.kind} cannot be read from a function`);
}

function isScanned(type: TrinoType): type is ScannedType {
  return SCANNED.has(type.kind);
}

/** DuckDB's type of a scanned column; the same as `duckdbType` of sql/ names, for the types that Athena's wire has. */
export function scanType(trinoType: TrinoType): DuckDBType {
  // only tables on S3 have it, whose scans are planned here and read by DuckDB
  if (trinoType.kind === 'char') return VARCHAR;
  const type = scannedType(trinoType);
  switch (type.kind) {
    case 'boolean':
      return BOOLEAN;
    case 'tinyint':
      return TINYINT;
    case 'smallint':
      return SMALLINT;
    case 'integer':
      return INTEGER;
    case 'bigint':
      return BIGINT;
    case 'real':
      return FLOAT;
    case 'double':
      return DOUBLE;
    case 'decimal':
      return DECIMAL(type.precision, type.scale);
    case 'varchar':
      return VARCHAR;
    case 'varbinary':
      return BLOB;
    case 'date':
      return DATE;
    case 'timestamp':
      return TIMESTAMP;
    case 'timestamp with time zone':
      return BIGINT;
    case 'array':
      return LIST(scanType(type.element));
    case 'map':
      return MAP(scanType(type.key), scanType(type.value));
    case 'row':
      return STRUCT(Object.fromEntries(type.fields.map((field, index) => [`f${index}`, scanType(field.type)])));
  }
}
