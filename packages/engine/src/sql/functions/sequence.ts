import type { TrinoType } from '../trino-type.ts';
import { onceEach, bound } from '../emit/once.ts';
import { failSql } from '../emit/typed.ts';
import { duckdbType } from '../types/physical-type.ts';
import { scalar, type Call, type Emit } from './signature.ts';

const LIMIT = 10_000;

/** The numbers from start to stop by a step, each turned into an element; all three are HUGEINT expressions. */
function numbers(
  result: TrinoType,
  [start = '', stop = '', step = '']: readonly string[],
  make: (n: string) => string,
) {
  const type = duckdbType(result);
  const fail = (message: string) => failSql('INVALID_FUNCTION_ARGUMENT', message, type);
  return onceEach([start, stop, step], (a = '', b = '', s = '') => {
    const items = bound(
      (n) =>
        `list_transform(range(0, CAST((${b} - ${a}) // ${s} AS BIGINT) + 1), lambda ${n}: ${make(`(${a} + ${n} * ${s})`)})`,
    );
    return `(CASE WHEN ${a} IS NULL OR ${b} IS NULL OR ${s} IS NULL THEN NULL WHEN ${s} = 0 THEN ${fail('step must not be zero')} WHEN (${s} > 0) <> (${b} >= ${a}) AND ${a} <> ${b} THEN ${fail('sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start')} WHEN (${b} - ${a}) // ${s} >= ${LIMIT} THEN ${fail('result of sequence function must not have more than 10000 entries')} ELSE ${items} END)`;
  });
}

const huge = (sql: string) => `CAST(${sql} AS HUGEINT)`;
const direction = (a: string, b: string) => `CASE WHEN ${b} >= ${a} THEN 1 ELSE -1 END`;

const integers: Emit = ({ args, result }) =>
  onceEach(args, (a = '', b = '', step) =>
    numbers(result, [huge(a), huge(b), huge(step ?? direction(a, b))], (n) => `CAST(${n} AS BIGINT)`),
  );

const days = (sql: string) => `CAST(${sql} - DATE '1970-01-01' AS HUGEINT)`;
const dates: Emit = ({ args, result }) =>
  onceEach(args, (a = '', b = '', step) => {
    const whole = failSql(
      'INVALID_FUNCTION_ARGUMENT',
      'sequence step must be a day interval if start and end values are dates',
      'HUGEINT',
    );
    const size =
      step === undefined
        ? direction(a, b)
        : `CASE WHEN ${step} % 86400000 <> 0 THEN ${whole} ELSE ${step} // 86400000 END`;
    return numbers(result, [days(a), days(b), huge(`(${size})`)], (n) => `(DATE '1970-01-01' + CAST(${n} AS INTEGER))`);
  });

const precisionOf = ({ result }: Call) =>
  result.kind === 'array' && result.element.kind === 'timestamp' ? result.element.precision : 3;

const timestamps: Emit = (call) =>
  onceEach(call.args, (a = '', b = '', step = '') =>
    precisionOf(call) <= 6
      ? numbers(
          call.result,
          [huge(`epoch_us(${a})`), huge(`epoch_us(${b})`), huge(`${step} * 1000`)],
          (n) => `make_timestamp(CAST(${n} AS BIGINT))`,
        )
      : numbers(call.result, [a, b, `(${step} * 1000000000::HUGEINT)`], (n) => n),
  );

/** By months: the n-th element is the start moved by n steps, at most to the month's last day. */
const months: Emit = ({ args, result }) =>
  onceEach(args, (a = '', b = '', step = '') => {
    const distance = `datesub('month', ${a}, ${b})`;
    const type = duckdbType(result);
    const element = type.slice(0, -2);
    const fail = (message: string) => failSql('INVALID_FUNCTION_ARGUMENT', message, type);
    const items = bound(
      (n) =>
        `list_transform(range(0, ${distance} // ${step} + 1), lambda ${n}: CAST(${a} + to_months(CAST(${n} * ${step} AS INTEGER)) AS ${element}))`,
    );
    return `(CASE WHEN ${a} IS NULL OR ${b} IS NULL OR ${step} IS NULL THEN NULL WHEN ${step} = 0 THEN ${fail('step must not be zero')} WHEN (${step} > 0) <> (${b} >= ${a}) AND ${a} <> ${b} THEN ${fail('sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start')} WHEN ${distance} // ${step} >= ${LIMIT} THEN ${fail('result of sequence function must not have more than 10000 entries')} ELSE ${items} END)`;
  });

/** `sequence`, of at most 10,000 elements. */
export const SEQUENCES = scalar(
  ['sequence(bigint, bigint) -> array(bigint)', integers],
  ['sequence(bigint, bigint, bigint) -> array(bigint)', integers],
  ['sequence(date, date) -> array(date)', dates],
  ['sequence(date, date, interval day to second) -> array(date)', dates],
  ['sequence(date, date, interval year to month) -> array(date)', months],
  ['sequence(timestamp(p), timestamp(p), interval day to second) -> array(timestamp(p))', timestamps],
  ['sequence(timestamp(p), timestamp(p), interval year to month) -> array(timestamp(p))', months],
);
