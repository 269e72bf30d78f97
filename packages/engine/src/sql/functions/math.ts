import type { TrinoType } from '../trino-type.ts';
import { duckdbType } from '../types/physical-type.ts';
import { failSql } from '../emit/typed.ts';
import { moduloDecimals, decimalResult } from '../emit/decimal.ts';
import { scalar, type Call, type Emit, type Entry } from './signature.ts';

const INTEGERS = ['tinyint', 'smallint', 'integer', 'bigint'] as const;
const NAN = `CAST('NaN' AS DOUBLE)`;

const oneArgument = (name: string, template: string): Entry => [`${name}(double) -> double`, template];

/** The whole part of a decimal and one digit more: the result of round, floor and ceil. */
const wholeOf = (types: readonly TrinoType[]): TrinoType => {
  const [type] = types;
  if (type?.kind !== 'decimal') return { kind: 'decimal', precision: 1, scale: 0 };
  const precision = type.precision - type.scale + Math.min(type.scale, 1);
  return { kind: 'decimal', precision: Math.min(38, Math.max(1, precision)), scale: 0 };
};

const decimalOf =
  (template: (sql: string) => string): Emit =>
  ({ args, result }) =>
    `CAST(${template(args[0] ?? '')} AS ${duckdbType(result)})`;

/** round(x, n): n digits after the point, or before it when negative; the type gains one digit. */
const roundedType = ([type]: readonly TrinoType[]): TrinoType =>
  type?.kind === 'decimal'
    ? { ...type, precision: Math.min(38, type.precision + 1) }
    : { kind: 'decimal', precision: 1, scale: 0 };

function rounding(name: 'round' | 'truncate'): Emit {
  return ({ args, result }: Call) =>
    `CAST(ergane_${name}_decimal(CAST(${args[0] ?? ''} AS VARCHAR), CAST(${args[1] ?? '0'} AS INTEGER)) AS ${duckdbType(result)})`;
}

const integers = INTEGERS.flatMap<Entry>((type) => [
  [`abs(${type}) -> ${type}`, 'abs($1)'],
  [`sign(${type}) -> ${type}`, `CAST(sign($1) AS ${type})`],
  [`floor(${type}) -> ${type}`, '$1'],
  [`ceil(${type}) -> ${type}`, '$1'],
  [`ceiling(${type}) -> ${type}`, '$1'],
  [`round(${type}) -> ${type}`, '$1'],
  [`round(${type}, integer) -> ${type}`, `CAST(ergane_round_integer(CAST($1 AS BIGINT), $2) AS ${type})`],
  [`truncate(${type}, integer) -> ${type}`, `CAST(ergane_truncate_integer(CAST($1 AS BIGINT), $2) AS ${type})`],
  [
    `mod(${type}, ${type}) -> ${type}`,
    `(CASE WHEN $2 = 0 THEN ${failSql('DIVISION_BY_ZERO', 'Division by zero', type.toUpperCase())} WHEN $2 = -1 THEN 0 ELSE $1 % $2 END)`,
  ],
]);

/** Mathematical functions. */
export const MATH = scalar(
  ...integers,
  ['abs(real) -> real', 'abs($1)'],
  ['abs(double) -> double', 'abs($1)'],
  ['abs(decimal(p,s)) -> decimal(p,s)', 'abs($1)'],
  ['sign(double) -> double', `(CASE WHEN isnan($1) OR $1 = 0 THEN $1 ELSE CAST(sign($1) AS DOUBLE) END)`],
  ['sign(real) -> real', `(CASE WHEN isnan($1) OR $1 = 0 THEN $1 ELSE CAST(sign($1) AS FLOAT) END)`],
  ['sign(decimal(p,s)) -> decimal(1,0)', 'CAST(sign($1) AS DECIMAL(1,0))'],
  ...['floor', 'ceil', 'ceiling'].flatMap<Entry>((name) => [
    [`${name}(double) -> double`, `${name}($1)`],
    [`${name}(real) -> real`, `${name}($1)`],
    [`${name}(decimal(p,s)) -> decimal(p,s)`, decimalOf((sql) => `${name}(${sql})`), wholeOf],
  ]),
  ['round(double) -> double', 'ergane_round_double($1, 0)'],
  ['round(double, integer) -> double', 'ergane_round_double($1, $2)'],
  ['round(real) -> real', 'ergane_round_real($1, 0)'],
  ['round(real, integer) -> real', 'ergane_round_real($1, $2)'],
  ['round(decimal(p,s)) -> decimal(p,s)', decimalOf((sql) => `round(${sql}, 0)`), wholeOf],
  ['round(decimal(p,s), integer) -> decimal(p,s)', rounding('round'), roundedType],
  ['truncate(double) -> double', 'ergane_truncate_double($1, 0)'],
  ['truncate(real) -> real', 'CAST(trunc($1) AS FLOAT)'],
  ['truncate(double, integer) -> double', 'ergane_truncate_double($1, $2)'],
  ['truncate(decimal(p,s)) -> decimal(p,s)', decimalOf((sql) => `trunc(${sql})`), (types) => truncatedType(types)],
  ['truncate(decimal(p,s), integer) -> decimal(p,s)', rounding('truncate')],
  ['mod(double, double) -> double', 'ergane_mod($1, $2)'],
  ['mod(real, real) -> real', 'CAST(ergane_mod($1, $2) AS FLOAT)'],
  ['mod(decimal(p,s), decimal(q,t)) -> decimal(p,s)', moduloOf, (types) => moduloType(types)],
  oneArgument('sqrt', `(CASE WHEN $1 < 0 THEN ${NAN} ELSE sqrt($1) END)`),
  oneArgument('cbrt', 'cbrt($1)'),
  oneArgument('exp', 'exp($1)'),
  oneArgument('ln', `ergane_ln($1)`),
  oneArgument('log2', 'ergane_ln($1) / ln(2::DOUBLE)'),
  oneArgument('log10', `(CASE WHEN $1 > 0 AND NOT isinf($1) THEN log10($1) ELSE ergane_ln($1) END)`),
  ['log(double, double) -> double', 'ergane_div(ergane_ln($2), ergane_ln($1))'],
  ['power(double, double) -> double', 'pow($1, $2)'],
  ['pow(double, double) -> double', 'pow($1, $2)'],
  ...['sin', 'cos', 'tan'].map((name) => oneArgument(name, `(CASE WHEN isinf($1) THEN ${NAN} ELSE ${name}($1) END)`)),
  ...['sinh', 'cosh', 'tanh', 'atan', 'radians', 'degrees'].map((name) => oneArgument(name, `${name}($1)`)),
  ...['asin', 'acos'].map((name) => oneArgument(name, `(CASE WHEN abs($1) > 1 THEN ${NAN} ELSE ${name}($1) END)`)),
  ['atan2(double, double) -> double', 'atan2($1, $2)'],
  ['pi() -> double', 'pi()'],
  ['e() -> double', 'exp(1::DOUBLE)'],
  ['nan() -> double', NAN],
  ['infinity() -> double', `CAST('Infinity' AS DOUBLE)`],
  ['is_nan(double) -> boolean', 'isnan($1)'],
  ['is_nan(real) -> boolean', 'isnan($1)'],
  ['is_finite(double) -> boolean', 'isfinite($1)'],
  ['is_infinite(double) -> boolean', 'isinf($1)'],
  ['format_number(double) -> varchar', 'ergane_format_number($1)'],
  ['from_base(varchar, bigint) -> bigint', 'ergane_from_base($1, $2)'],
  ['to_base(bigint, bigint) -> varchar(64)', 'ergane_to_base($1, $2)'],
  ['width_bucket(double, double, double, bigint) -> bigint', 'ergane_width_bucket($*)'],
  ['width_bucket(double, array(double)) -> bigint', 'ergane_width_bucket_of($1, $2)'],
  ['wilson_interval_lower(bigint, bigint, double) -> double', 'ergane_wilson_lower($*)'],
  ['wilson_interval_upper(bigint, bigint, double) -> double', 'ergane_wilson_upper($*)'],
  ['normal_cdf(double, double, double) -> double', 'ergane_normal_cdf($*)'],
  ['inverse_normal_cdf(double, double, double) -> double', 'ergane_inverse_normal_cdf($*)'],
  ['beta_cdf(double, double, double) -> double', 'ergane_beta_cdf($*)'],
  ['inverse_beta_cdf(double, double, double) -> double', 'ergane_inverse_beta_cdf($*)'],
  ['t_cdf(double, double) -> double', 'ergane_t_cdf($*)'],
  ['t_pdf(double, double) -> double', 'ergane_t_pdf($*)'],
  ['cosine_similarity(array(double), array(double)) -> double', 'ergane_cosine_similarity($1, $2)'],
  [
    'cosine_similarity(map(varchar, double), map(varchar, double)) -> double',
    'ergane_cosine_maps(map_keys($1), map_values($1), map_keys($2), map_values($2))',
  ],
  ['cosine_distance(array(double), array(double)) -> double', '(1 - ergane_cosine_similarity($1, $2))'],
  ['euclidean_distance(array(double), array(double)) -> double', 'ergane_euclidean_distance($1, $2)'],
  ['dot_product(array(double), array(double)) -> double', 'ergane_dot_product($1, $2)'],
  ...['random', 'rand'].flatMap(randoms),
);

function randoms(name: string): readonly Entry[] {
  const check = (test: string, message: string, type: string, value: string) =>
    `(CASE WHEN ${test} THEN ${failSql('INVALID_FUNCTION_ARGUMENT', message, type)} ELSE CAST(${value} AS ${type}) END)`;
  return [
    [`${name}() -> double`, 'random()'],
    ...INTEGERS.flatMap<Entry>((type) => [
      [`${name}(${type}) -> ${type}`, check('$1 <= 0', 'bound must be positive', type, 'floor(random() * $1)')],
      [
        `${name}(${type}, ${type}) -> ${type}`,
        check(
          '$1 >= $2',
          'bound must be greater than origin',
          type,
          '$1 + floor(random() * (CAST($2 AS DOUBLE) - $1))',
        ),
      ],
    ]),
  ];
}

function truncatedType([type]: readonly TrinoType[]): TrinoType {
  if (type?.kind !== 'decimal') return { kind: 'decimal', precision: 1, scale: 0 };
  return { kind: 'decimal', precision: Math.max(1, type.precision - type.scale), scale: 0 };
}

function moduloType([a, b]: readonly TrinoType[]): TrinoType {
  return a?.kind === 'decimal' && b?.kind === 'decimal'
    ? decimalResult('%', a, b)
    : { kind: 'decimal', precision: 1, scale: 0 };
}

function moduloOf({ args, types: [a, b], result }: Call): string {
  if (a?.kind !== 'decimal' || b?.kind !== 'decimal' || result.kind !== 'decimal') return 'NULL';
  const operand = (type: typeof a, sql = '') => ({ sql, precision: type.precision, scale: type.scale });
  return moduloDecimals(operand(a, args[0]), operand(b, args[1]), result);
}
