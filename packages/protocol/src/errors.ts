/** Whose fault an error is: it decides the exit code, the HTTP status and whether a retry can help. */
export type ErrorKind = 'user' | 'source' | 'function' | 'resource' | 'internal';

/**
 * Every error code of Ergane, whose fault it is, and whether running the same thing again may succeed.
 * Codes that Trino has keep Trino's names, because Athena's clients match them.
 */
export const ERROR_CODES = {
  // the statement
  SYNTAX_ERROR: { kind: 'user', retryable: false },
  NOT_SUPPORTED: { kind: 'user', retryable: false },
  TYPE_MISMATCH: { kind: 'user', retryable: false },
  FUNCTION_NOT_FOUND: { kind: 'user', retryable: false },
  NOT_FOUND: { kind: 'user', retryable: false },
  CATALOG_NOT_FOUND: { kind: 'user', retryable: false },
  SCHEMA_NOT_FOUND: { kind: 'user', retryable: false },
  TABLE_NOT_FOUND: { kind: 'user', retryable: false },
  COLUMN_NOT_FOUND: { kind: 'user', retryable: false },
  AMBIGUOUS_NAME: { kind: 'user', retryable: false },
  TABLE_ALREADY_EXISTS: { kind: 'user', retryable: false },
  SCHEMA_ALREADY_EXISTS: { kind: 'user', retryable: false },
  SCHEMA_NOT_EMPTY: { kind: 'user', retryable: false },
  DUPLICATE_COLUMN_NAME: { kind: 'user', retryable: false },
  MISSING_CATALOG_NAME: { kind: 'user', retryable: false },
  MISSING_SCHEMA_NAME: { kind: 'user', retryable: false },
  INVALID_FUNCTION_ARGUMENT: { kind: 'user', retryable: false },
  INVALID_CAST_ARGUMENT: { kind: 'user', retryable: false },
  NUMERIC_VALUE_OUT_OF_RANGE: { kind: 'user', retryable: false },
  DIVISION_BY_ZERO: { kind: 'user', retryable: false },
  SUBQUERY_MULTIPLE_ROWS: { kind: 'user', retryable: false },
  EXPRESSION_NOT_AGGREGATE: { kind: 'user', retryable: false },
  EXPRESSION_NOT_SCALAR: { kind: 'user', retryable: false },
  TYPE_NOT_FOUND: { kind: 'user', retryable: false },
  INVALID_LITERAL: { kind: 'user', retryable: false },
  NESTED_AGGREGATION: { kind: 'user', retryable: false },
  NESTED_WINDOW: { kind: 'user', retryable: false },
  MISSING_OVER: { kind: 'user', retryable: false },
  MISSING_GROUP_BY: { kind: 'user', retryable: false },
  INVALID_WINDOW_FRAME: { kind: 'user', retryable: false },
  INVALID_PARAMETER_USAGE: { kind: 'user', retryable: false },
  EXPRESSION_NOT_IN_DISTINCT: { kind: 'user', retryable: false },
  MISMATCHED_COLUMN_ALIASES: { kind: 'user', retryable: false },
  DUPLICATE_NAMED_QUERY: { kind: 'user', retryable: false },
  AMBIGUOUS_FUNCTION_CALL: { kind: 'user', retryable: false },
  INVALID_COLUMN_REFERENCE: { kind: 'user', retryable: false },
  INVALID_LIMIT_CLAUSE: { kind: 'user', retryable: false },
  INVALID_RECURSIVE_REFERENCE: { kind: 'user', retryable: false },
  JSON_INPUT_CONVERSION_ERROR: { kind: 'user', retryable: false },
  PATH_EVALUATION_ERROR: { kind: 'user', retryable: false },
  JSON_VALUE_RESULT_ERROR: { kind: 'user', retryable: false },
  JSON_OUTPUT_CONVERSION_ERROR: { kind: 'user', retryable: false },
  GENERIC_INTERNAL_ERROR: { kind: 'user', retryable: false },
  INVALID_WINDOW_REFERENCE: { kind: 'user', retryable: false },
  FUNCTION_NOT_AGGREGATE: { kind: 'user', retryable: false },
  INVALID_ARGUMENTS: { kind: 'user', retryable: false },
  MISSING_ORDER_BY: { kind: 'user', retryable: false },
  CONSTRAINT_VIOLATION: { kind: 'user', retryable: false },
  COLUMN_TYPE_UNKNOWN: { kind: 'user', retryable: false },
  COLUMN_NAME_NOT_SPECIFIED: { kind: 'user', retryable: false },
  INVALID_TABLE_PROPERTY: { kind: 'user', retryable: false },
  HIVE_PATH_ALREADY_EXISTS: { kind: 'user', retryable: false },
  HIVE_COLUMN_ORDER_MISMATCH: { kind: 'user', retryable: false },
  INVALID_VIEW: { kind: 'user', retryable: false },
  VIEW_IS_STALE: { kind: 'user', retryable: false },
  VIEW_IS_RECURSIVE: { kind: 'user', retryable: false },
  QUERY_CANCELLED: { kind: 'user', retryable: false },
  // the configuration
  CONFIG_INVALID: { kind: 'user', retryable: false },
  SECRET_NOT_FOUND: { kind: 'user', retryable: false },
  // the source
  SOURCE_UNREACHABLE: { kind: 'source', retryable: true },
  SOURCE_ACCESS_DENIED: { kind: 'source', retryable: false },
  SOURCE_THROTTLED: { kind: 'source', retryable: true },
  SOURCE_FAILED: { kind: 'source', retryable: false },
  SOURCE_CHANGED: { kind: 'source', retryable: false },
  SOURCE_DATA_INVALID: { kind: 'source', retryable: false },
  // the function
  FUNCTION_NOT_CONFIGURED: { kind: 'user', retryable: false },
  FUNCTION_FAILED: { kind: 'function', retryable: false },
  FUNCTION_CRASHED: { kind: 'function', retryable: true },
  FUNCTION_TIMED_OUT: { kind: 'function', retryable: false },
  FUNCTION_OUT_OF_MEMORY: { kind: 'function', retryable: false },
  FUNCTION_THROTTLED: { kind: 'function', retryable: true },
  FUNCTION_PAYLOAD_TOO_LARGE: { kind: 'function', retryable: false },
  FUNCTION_RESPONSE_INVALID: { kind: 'function', retryable: false },
  SPLIT_TOO_LARGE: { kind: 'function', retryable: false },
  // the wire and the stores
  PROTOCOL_INVALID: { kind: 'function', retryable: false },
  SPILL_FAILED: { kind: 'resource', retryable: true },
  SPILL_CORRUPT: { kind: 'resource', retryable: false },
  OBJECT_NOT_FOUND: { kind: 'resource', retryable: false },
  STORE_FAILED: { kind: 'resource', retryable: true },
  METASTORE_FAILED: { kind: 'resource', retryable: false },
  FILE_INVALID: { kind: 'source', retryable: false },
  INTERNAL: { kind: 'internal', retryable: false },
} as const satisfies Record<string, { readonly kind: ErrorKind; readonly retryable: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Where in the user's world an error belongs. Everything that is known is filled in; all of it is shown. */
export interface ErrorWhere {
  readonly catalog?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly function?: string;
  readonly setting?: string;
  readonly line?: number;
  readonly col?: number;
  readonly [detail: string]: string | number | undefined;
}

/** The one error class. `message` says what is wrong, where, and what to do. */
export class ErganeError extends Error {
  override readonly name = 'ErganeError';
  readonly code: ErrorCode;
  readonly where: ErrorWhere;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly where?: ErrorWhere; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.where = options.where ?? {};
  }

  get kind(): ErrorKind {
    return ERROR_CODES[this.code].kind;
  }

  get retryable(): boolean {
    return ERROR_CODES[this.code].retryable;
  }
}
