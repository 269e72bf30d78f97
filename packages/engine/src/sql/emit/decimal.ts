import type { TrinoType } from '../trino-type.ts';
import { duckdbType } from '../types/physical-type.ts';
import { failSql } from './typed.ts';

type DecimalType = Extract<TrinoType, { kind: 'decimal' }>;
interface Operand {
  readonly sql: string;
  readonly precision: number;
  readonly scale: number;
}

/** The type of `a op b` for two decimals (Trino's DecimalOperators). */
export function decimalResult(operator: '+' | '-' | '*' | '/' | '%', a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale);
  switch (operator) {
    case '+':
    case '-': {
      const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
      return { kind: 'decimal', precision: Math.min(38, scale + whole + 1), scale };
    }
    case '*':
      return { kind: 'decimal', precision: Math.min(38, a.precision + b.precision), scale: a.scale + b.scale };
    case '/': {
      const precision = a.precision + b.scale + Math.max(0, b.scale - a.scale);
      return { kind: 'decimal', precision: Math.min(38, precision), scale };
    }
    case '%': {
      const precision = Math.min(a.precision - a.scale, b.precision - b.scale) + scale;
      return { kind: 'decimal', precision: Math.min(38, Math.max(1, precision)), scale };
    }
  }
}

/** The unscaled integer of a decimal, as HUGEINT; undefined where a step could overflow. */
function unscaled({ sql, precision, scale }: Operand): string | undefined {
  if (scale === 0) return `CAST(${sql} AS HUGEINT)`;
  if (precision + scale + 1 > 38) return undefined;
  return `CAST(${sql} * CAST(${10n ** BigInt(scale)} AS DECIMAL(${scale + 1},0)) AS HUGEINT)`;
}

/** `a / b`, rounded half up to the result's scale. By whole numbers where they cannot overflow, else by a JavaScript function. */
export function divideDecimals(a: Operand, b: Operand, result: DecimalType, onZero: 'fail' | 'null'): string {
  const type = duckdbType(result);
  const shift = result.scale + b.scale - a.scale;
  const numerator = unscaled(a);
  const denominator = unscaled(b);
  const zero = onZero === 'null' ? `CAST(NULL AS ${type})` : failSql('DIVISION_BY_ZERO', 'Division by zero', type);
  const fits = a.precision + shift <= 37 && b.precision <= 37 && shift >= 0;
  if (!fits || numerator === undefined || denominator === undefined || result.precision + result.scale + 1 > 38) {
    const exact = `CAST(ergane_divide_decimal(CAST(${a.sql} AS VARCHAR), CAST(${b.sql} AS VARCHAR), ${result.precision}, ${result.scale}) AS ${type})`;
    return onZero === 'fail' ? exact : `(CASE WHEN ${b.sql} = 0 THEN ${zero} ELSE ${exact} END)`;
  }
  const dividend = `(${numerator} * ${10n ** BigInt(shift)}::HUGEINT)`;
  const quotient = `ergane_round_div(${dividend}, ${denominator})`;
  const scaled =
    result.scale === 0
      ? `CAST(${quotient} AS ${type})`
      : `CAST(CAST(${quotient} AS DECIMAL(38,0)) * CAST(${decimalUnit(result.scale)} AS DECIMAL(${result.scale},${result.scale})) AS ${type})`;
  return `(CASE WHEN ${b.sql} = 0 THEN ${zero} ELSE ${scaled} END)`;
}

const decimalUnit = (scale: number) => `'0.${'0'.repeat(scale - 1)}1'`;

/** A decimal's text; DuckDB leaves out the 0 before the point where the type has no digit there. */
export function decimalText({ precision, scale }: DecimalType, sql: string): string {
  if (precision > scale) return `CAST(${sql} AS VARCHAR)`;
  if (precision < 38) return `CAST(CAST(${sql} AS DECIMAL(${precision + 1},${scale})) AS VARCHAR)`;
  return `regexp_replace(CAST(${sql} AS VARCHAR), '^(-?)[.]', '\\10.')`;
}

export function moduloDecimals(a: Operand, b: Operand, result: DecimalType): string {
  const type = duckdbType(result);
  return `CAST(ergane_modulo_decimal(CAST(${a.sql} AS VARCHAR), CAST(${b.sql} AS VARCHAR), ${result.precision}, ${result.scale}) AS ${type})`;
}
