import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DOUBLE,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBScalarFunction,
  DuckDBTimestampValue,
  FLOAT,
  HUGEINT,
  INTEGER,
  LIST,
  TIMESTAMP,
  VARCHAR,
  type DuckDBConnection,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { ErganeError } from '@ergane/protocol';
import { JS_FUNCTIONS } from './all-functions.ts';
import type { JsFunction, JsType, JsValue } from './js-function.ts';
import { MACROS } from './macros.ts';

const DUCKDB_TYPES: Readonly<Record<JsType, DuckDBType>> = {
  BOOLEAN,
  INTEGER,
  BIGINT,
  HUGEINT,
  DOUBLE,
  FLOAT,
  VARCHAR,
  BLOB,
  DATE,
  TIMESTAMP,
  'VARCHAR[]': LIST(VARCHAR),
  'BIGINT[]': LIST(BIGINT),
  'DOUBLE[]': LIST(DOUBLE),
  'BLOB[]': LIST(BLOB),
  'BOOLEAN[]': LIST(BOOLEAN),
  'BIGINT[][]': LIST(LIST(BIGINT)),
  'VARCHAR[][]': LIST(LIST(VARCHAR)),
};

/**
 * Makes a DuckDB instance ready for compiled queries: sets what Trino's meaning needs and installs the macros and JavaScript scalar
 * functions that emitted SQL calls. Once an instance; takes some ten milliseconds.
 */
export async function prepareDuckdb(connection: DuckDBConnection): Promise<void> {
  for (const definition of JS_FUNCTIONS) connection.registerScalarFunction(makeScalarFunction(definition));
  await connection.run(
    [`SET GLOBAL TimeZone = 'UTC'`, `SET GLOBAL default_null_order = 'nulls_last'`, ...MACROS].join(';\n'),
  );
}

function makeScalarFunction(definition: JsFunction): DuckDBScalarFunction {
  const { call, takesNull, parameters, returns } = definition;
  return DuckDBScalarFunction.create({
    name: definition.name,
    parameterTypes: parameters.map((type) => DUCKDB_TYPES[type]),
    returnType: DUCKDB_TYPES[returns],
    specialHandling: takesNull,
    mainFunction: (_info, chunk, output) => {
      const vectors = parameters.map((_type, index) => chunk.getColumnVector(index));
      const values: JsValue[] = [];
      for (let row = 0; row < chunk.rowCount; row++) {
        let hasNull = false;
        for (const [index, vector] of vectors.entries()) {
          const value = toJs(vector.getItem(row));
          values[index] = value;
          hasNull ||= value === null;
        }
        output.setItem(row, hasNull && !takesNull ? null : fromJs(call(values), returns));
      }
      output.flush();
    },
  });
}

function toJs(value: DuckDBValue): JsValue {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof DuckDBListValue) return value.items.map(toJs);
  if (value instanceof DuckDBBlobValue) return value.bytes;
  if (value instanceof DuckDBDateValue) return value.days;
  if (value instanceof DuckDBTimestampValue) return value.micros;
  throw new ErganeError('INTERNAL', `a scalar function was given a ${value.constructor.name}`);
}

function fromJs(value: JsValue, type: JsType): DuckDBValue {
  if (value === null) return null;
  if (value instanceof Uint8Array) return new DuckDBBlobValue(value);
  if (Array.isArray(value)) {
    const items: readonly JsValue[] = value;
    return new DuckDBListValue(items.map((item) => fromJs(item, 'VARCHAR')));
  }
  if (type === 'DATE') return new DuckDBDateValue(Number(value));
  if (type === 'TIMESTAMP') return new DuckDBTimestampValue(BigInt(scalar(value) ?? 0));
  return scalar(value);
}

function scalar(value: JsValue): boolean | number | bigint | string | null {
  if (value === null || typeof value !== 'object') return value;
  throw new ErganeError('INTERNAL', 'a scalar function gave a nested value');
}
