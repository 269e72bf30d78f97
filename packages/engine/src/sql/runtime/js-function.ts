/** A value as a JavaScript scalar function sees it. DATE is days, TIMESTAMP microseconds, both since 1970. */
export type JsValue = null | boolean | number | bigint | string | Uint8Array | readonly JsValue[];

/** DuckDB types that JavaScript functions take and give. */
export type JsType =
  | 'BOOLEAN'
  | 'INTEGER'
  | 'BIGINT'
  | 'HUGEINT'
  | 'DOUBLE'
  | 'FLOAT'
  | 'VARCHAR'
  | 'BLOB'
  | 'DATE'
  | 'TIMESTAMP'
  | 'VARCHAR[]'
  | 'BIGINT[]'
  | 'DOUBLE[]'
  | 'BLOB[]'
  | 'BOOLEAN[]'
  | 'BIGINT[][]'
  | 'VARCHAR[][]';

interface JsTypes {
  BOOLEAN: boolean;
  INTEGER: number;
  BIGINT: bigint;
  HUGEINT: bigint;
  DOUBLE: number;
  FLOAT: number;
  VARCHAR: string;
  BLOB: Uint8Array;
  DATE: number;
  TIMESTAMP: bigint;
  'VARCHAR[]': readonly (string | null)[];
  'BIGINT[]': readonly (bigint | null)[];
  'DOUBLE[]': readonly (number | null)[];
  'BLOB[]': readonly (Uint8Array | null)[];
  'BOOLEAN[]': readonly (boolean | null)[];
  'BIGINT[][]': readonly (readonly (bigint | null)[])[];
  'VARCHAR[][]': readonly (readonly (string | null)[])[];
}
type Arguments<P extends readonly JsType[], N extends boolean> = {
  readonly [K in keyof P]: N extends true ? JsTypes[P[K]] | null : JsTypes[P[K]];
};

/** A scalar function in JavaScript, for what no DuckDB expression says. A NULL argument gives NULL unless `takesNull`. */
export interface JsFunction {
  readonly name: string;
  readonly parameters: readonly JsType[];
  readonly returns: JsType;
  readonly takesNull: boolean;
  readonly call: (parameters: readonly JsValue[]) => JsValue;
}

export function jsFunction<const P extends readonly JsType[], R extends JsType>(
  name: string,
  parameters: P,
  returns: R,
  call: (...parameters: Arguments<P, false>) => JsTypes[R] | null,
): JsFunction {
  return { name: `ergane_${name}`, parameters, returns, takesNull: false, call: spread(call) };
}

/** As jsFunction, for functions that give an answer for NULL. */
export function jsNullFunction<const P extends readonly JsType[], R extends JsType>(
  name: string,
  parameters: P,
  returns: R,
  call: (...parameters: Arguments<P, true>) => JsTypes[R] | null,
): JsFunction {
  return { name: `ergane_${name}`, parameters, returns, takesNull: true, call: spread(call) };
}

/** The vectors' types are the registered ones, so the arguments have the types that the function declares. */
function spread<A extends readonly unknown[]>(call: (...parameters: A) => JsValue) {
  return (parameters: readonly JsValue[]): JsValue => call(...(parameters as unknown as A));
}
