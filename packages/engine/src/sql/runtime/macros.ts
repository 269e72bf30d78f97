/** Macros that emitted SQL calls: expressions that name an argument more than once, or that every family needs. */
export const MACROS: readonly string[] = [
  // three-valued AND over a list: false if one is false, else unknown if one is unknown
  `CREATE OR REPLACE TEMP MACRO ergane_all(x) AS CASE WHEN list_aggregate(x, 'bool_and') = false THEN false WHEN len(x) <> list_aggregate(x, 'count') THEN NULL WHEN x IS NULL THEN NULL ELSE true END`,
  `CREATE OR REPLACE TEMP MACRO ergane_any(x) AS CASE WHEN list_aggregate(x, 'bool_or') THEN true WHEN len(x) <> list_aggregate(x, 'count') THEN NULL WHEN x IS NULL THEN NULL ELSE false END`,
  `CREATE OR REPLACE TEMP MACRO ergane_floor_div(a, b) AS (CAST(a AS HUGEINT) // b - CASE WHEN CAST(a AS HUGEINT) % b < 0 THEN 1 ELSE 0 END)`,
  `CREATE OR REPLACE TEMP MACRO ergane_floor_mod(a, b) AS ((CAST(a AS HUGEINT) % b + b) % b)`,
  // a / b rounded half away from zero
  `CREATE OR REPLACE TEMP MACRO ergane_round_div(a, b) AS (CASE WHEN (a < 0) <> (b < 0) THEN -((2 * abs(a) + abs(b)) // (2 * abs(b))) ELSE (2 * abs(a) + abs(b)) // (2 * abs(b)) END)`,
  // Trino's substr: from 1, from the end when negative, empty outside
  `CREATE OR REPLACE TEMP MACRO ergane_substr(s, a, n) AS (CASE WHEN s IS NULL OR a IS NULL OR n IS NULL THEN NULL WHEN a = 0 OR n <= 0 OR abs(a) > length(s) THEN '' WHEN a > 0 THEN substring(s, a, least(n, 2147483647)) ELSE substring(s, length(s) + a + 1, least(n, 2147483647)) END)`,
  // a double cast as Java casts it to a long: towards zero, and to the nearest bound where it does not fit
  `CREATE OR REPLACE TEMP MACRO ergane_java_long(x) AS (CASE WHEN isnan(x) THEN 0 WHEN x >= 9223372036854775807 THEN 9223372036854775807 WHEN x <= -9223372036854775807 THEN -9223372036854775808 ELSE CAST(trunc(x) AS BIGINT) END)`,
  // a date and a whole number of days in milliseconds
  `CREATE OR REPLACE TEMP MACRO ergane_date_plus_millis(d, x) AS (CASE WHEN x % 86400000 <> 0 THEN CAST(ergane_fail('INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date') AS DATE) ELSE d + CAST(x // 86400000 AS INTEGER) END)`,
  // doubles divide and take remainders as IEEE 754 says: no error and no NULL for zero
  `CREATE OR REPLACE TEMP MACRO ergane_div(a, b) AS (CASE WHEN b = 0 THEN (CASE WHEN a IS NULL THEN NULL WHEN a = 0 OR isnan(a) THEN CAST('NaN' AS DOUBLE) WHEN (a > 0) = (CAST(b AS VARCHAR) NOT LIKE '-%') THEN CAST('Infinity' AS DOUBLE) ELSE CAST('-Infinity' AS DOUBLE) END) ELSE a / b END)`,
  `CREATE OR REPLACE TEMP MACRO ergane_mod(a, b) AS (CASE WHEN b = 0 OR isnan(b) OR isinf(a) THEN (CASE WHEN a IS NULL THEN NULL ELSE CAST('NaN' AS DOUBLE) END) WHEN isinf(b) OR a = 0 THEN CAST(a AS DOUBLE) ELSE ergane_fmod(CAST(a AS DOUBLE), CAST(b AS DOUBLE)) END)`,
  `CREATE OR REPLACE TEMP MACRO ergane_ln(x) AS (CASE WHEN x > 0 THEN ln(x) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) WHEN x < 0 THEN CAST('NaN' AS DOUBLE) ELSE x END)`,
  `CREATE OR REPLACE TEMP MACRO ergane_map(k, v) AS (CASE WHEN k IS NULL THEN NULL ELSE map(k, v) END)`,
  // beyond the largest real lies infinity
  `CREATE OR REPLACE TEMP MACRO ergane_real(x) AS (CASE WHEN abs(x) < 3.4028234e38 OR NOT isfinite(x) OR x IS NULL THEN CAST(x AS FLOAT) ELSE ergane_to_real(CAST(x AS DOUBLE)) END)`,
  `CREATE OR REPLACE TEMP MACRO ergane_recursion_depth(x) AS (CASE WHEN x > 10 THEN CAST(ergane_fail('NOT_SUPPORTED: Recursion depth limit exceeded (10)') AS BIGINT) ELSE x END)`,
  // LISTAGG ends at a megabyte; with ON OVERFLOW TRUNCATE Trino cuts there, which is not done here: both are an error
  `CREATE OR REPLACE TEMP MACRO ergane_listagg(x) AS (CASE WHEN strlen(x) > 1048576 THEN ergane_fail('NOT_SUPPORTED: Concatenated string has the length in bytes larger than the maximum system limit 1048576') ELSE x END)`,
  // the key of a time with time zone: its instant of the day
  `CREATE OR REPLACE TEMP MACRO ergane_timetz_key(x) AS (((x // 4096) - ((x % 4096) - 1024) * 60000000000000::HUGEINT + 86400000000000000::HUGEINT) % 86400000000000000::HUGEINT)`,
];
