import { ErganeError } from '@ergane/protocol';

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
  return {
    name: `ergane_${name}`,
    parameters,
    returns,
    takesNull: false,
    call: spread(name, parameters.map(check), call),
  };
}

/** As jsFunction, for functions that give an answer for NULL. */
export function jsNullFunction<const P extends readonly JsType[], R extends JsType>(
  name: string,
  parameters: P,
  returns: R,
  call: (...parameters: Arguments<P, true>) => JsTypes[R] | null,
): JsFunction {
  return {
    name: `ergane_${name}`,
    parameters,
    returns,
    takesNull: true,
    call: spread(name, parameters.map(checkNullable), call),
  };
}

type Check = (value: unknown) => boolean;

const isNumber: Check = (value) => typeof value === 'number';
const isBigint: Check = (value) => typeof value === 'bigint';
const CHECKS: Readonly<Record<JsType, Check>> = {
  BOOLEAN: (value) => typeof value === 'boolean',
  INTEGER: isNumber,
  BIGINT: isBigint,
  HUGEINT: isBigint,
  DOUBLE: isNumber,
  FLOAT: isNumber,
  VARCHAR: (value) => typeof value === 'string',
  BLOB: (value) => value instanceof Uint8Array,
  DATE: isNumber,
  TIMESTAMP: isBigint,
  // their elements are read by the same reader of vectors
  'VARCHAR[]': Array.isArray,
  'BIGINT[]': Array.isArray,
  'DOUBLE[]': Array.isArray,
  'BLOB[]': Array.isArray,
  'BOOLEAN[]': Array.isArray,
  'BIGINT[][]': Array.isArray,
  'VARCHAR[][]': Array.isArray,
};

const check = (type: JsType): Check => CHECKS[type];
const checkNullable =
  (type: JsType): Check =>
  (value) =>
    value === null || CHECKS[type](value);

/** The vectors' types are the registered ones, so the arguments have the types that the function declares: looked at once more, here. */
function spread<A extends readonly unknown[]>(
  name: string,
  checks: readonly Check[],
  call: (...parameters: A) => JsValue,
) {
  const areArguments = (parameters: readonly unknown[]): parameters is A => {
    for (let index = 0; index < checks.length; index++) if (!checks[index]?.(parameters[index])) return false;
    return parameters.length === checks.length;
  };
  return (parameters: readonly unknown[]): JsValue => {
    if (areArguments(parameters)) return call(...parameters);
    throw new ErganeError(
      'INTERNAL',
      `function ergane_${name} was called with arguments of other types than it declares`,
    );
  };
}
