/**
 * Names of capabilities and of what a connector may declare of each (section 3.5). What is declared is guaranteed: the engine need not do
 * it again. A query passthrough is declared under `<SCHEMA>.<NAME>` in upper case, such as `SYSTEM.QUERY`.
 */
export const CAPABILITIES = {
  filter: {
    name: 'supports_filter_pushdown',
    sortedRangeSet: 'sorted_range_set',
    /** sic */
    equatableValueSet: 'equatable_range_set',
    allOrNoneValueSet: 'all_or_none_value_set',
    nullableComparison: 'nullable_comparison',
  },
  /** `properties` are the names of functions, of {@link STANDARD_FUNCTIONS} */
  expression: {
    name: 'supports_complex_expression_pushdown',
    functions: 'supported_function_expression_types',
  },
  limit: { name: 'supports_limit_pushdown', integerConstant: 'integer_constant' },
  topN: { name: 'supports_top_n_pushdown', orderBy: 'SUPPORTS_ORDER_BY' },
  hints: { name: 'data_source_hints', nonDefaultCollate: 'non_default_collate' },
  passthrough: {
    schema: 'query_passthrough_schema',
    name: 'query_passthrough_name',
    arguments: 'query_passthrough_arguments',
  },
} as const;

/** The argument of a passthrough query that names its function (section 3.7). */
export const PASSTHROUGH_FUNCTION_ARGUMENT = 'schemaFunctionName';

/** Functions of constraint expressions by name, with the number of arguments; undefined: any (section 3.3). */
export const STANDARD_FUNCTIONS = {
  $and: undefined,
  $or: undefined,
  $not: 1,
  $is_null: 1,
  $nullif: 2,
  $equal: 2,
  $not_equal: 2,
  $less_than: 2,
  $less_than_or_equal: 2,
  $greater_than: 2,
  $greater_than_or_equal: 2,
  $is_distinct_from: 2,
  $add: 2,
  $subtract: 2,
  $multiply: 2,
  $divide: 2,
  $modulus: 2,
  $negate: 1,
  $like_pattern: 2,
  /** the second argument is an `$array` */
  $in: 2,
  $array: undefined,
} as const;

export type StandardFunction = keyof typeof STANDARD_FUNCTIONS;
