import type { Value } from '@ergane/protocol';
import type { DataType } from 'apache-arrow';
import type { PlannedColumn } from './planned-column.ts';
import { printDelivered } from './planned-column.ts';
import { instantOf, printArray, printParameter, printTimestamp } from './print-value.ts';
import type { Bind } from './print-value.ts';

export type Operator = '=' | '<' | '<=' | '>' | '>=';

/** A constant that a column is compared with. */
export interface Constant {
  readonly value: Value;
  readonly type: DataType;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const OID = { bpchar: 1042, numeric: 1700 };

/**
 * The comparison of a column with a constant: true for exactly the rows whose delivered value compares so in the engine, NULL for NULL, and
 * written so that an index on the column can be used where there is one. undefined: it cannot be said.
 */
export function printComparison(
  column: PlannedColumn,
  operator: Operator,
  constant: Constant,
  bind: Bind,
): string | undefined {
  const text = printParameter(constant.value, constant.type);
  if (text === undefined) return undefined;
  const compared = printByType(column, operator, { ...constant, text }, bind);
  if (compared === undefined || column.finite === undefined) return compared;
  return `(case when ${column.finite} then ${compared} end)`;
}

interface PrintedConstant extends Constant {
  readonly text: string;
}

function printByType(
  column: PlannedColumn,
  operator: Operator,
  constant: PrintedConstant,
  bind: Bind,
): string | undefined {
  const { sql, type, source } = column;
  const { text } = constant;
  switch (type.comparison) {
    case 'none':
      return undefined;
    case 'plain':
      return `${type.cast === undefined ? sql : `${sql}::${type.cast}`} ${operator} ${bind(text)}::${type.parameterType}`;
    case 'text':
      return `${printDelivered(column, operator === '=' ? 'equality' : 'order')} ${operator} ${bind(text)}::text`;
    case 'uuid':
      if (UUID.test(text)) return `${sql} ${operator} ${bind(text)}::uuid`;
      return `${printDelivered(column, 'order')} ${operator} ${bind(text)}::text`;
    case 'cast-text': {
      if (operator !== '=') return `${printDelivered(column, 'order')} ${operator} ${bind(text)}::text`;
      const place = bind(text);
      const exact = `${sql}::text = ${place}::text`;
      // the first half is for an index
      if (source.oid === OID.bpchar && source.deterministic) return `(${sql} = ${place}::text::bpchar and ${exact})`;
      if (source.oid === OID.numeric && NUMBER.test(text)) return `(${sql} = ${place}::text::numeric and ${exact})`;
      return exact;
    }
    case 'timestamp':
    case 'timestamptz':
      return printTimeComparison(column, operator, constant, bind);
  }
}

/** A delivered timestamp is cut to milliseconds: t = m is m <= t < m + 1 ms, t <= m is t < m + 1 ms, t > m is t >= m + 1 ms. */
function printTimeComparison(
  { sql, type }: PlannedColumn,
  operator: Operator,
  { value, text }: PrintedConstant,
  bind: Bind,
): string | undefined {
  const zoned = type.comparison === 'timestamptz';
  const ms = zoned && typeof value === 'bigint' ? instantOf(value) : BigInt(Number(value));
  const next = printTimestamp(Number(ms) + 1, zoned ? '+00' : '');
  if (next === undefined) return undefined;
  const place = (bound: string): string => `${bind(bound)}::${type.parameterType}`;
  switch (operator) {
    case '=':
      return `(${sql} >= ${place(text)} and ${sql} < ${place(next)})`;
    case '<':
    case '>=':
      return `${sql} ${operator} ${place(text)}`;
    case '<=':
      return `${sql} < ${place(next)}`;
    case '>':
      return `${sql} >= ${place(next)}`;
  }
}

/** The column is one of many values, as one parameter; undefined: it cannot be said. NULL for NULL. */
export function printMembership(column: PlannedColumn, constants: readonly Constant[], bind: Bind): string | undefined {
  const [first] = constants;
  if (first === undefined) return undefined;
  if (constants.length === 1) return printComparison(column, '=', first, bind);
  const texts: string[] = [];
  for (const { value, type } of constants) {
    const text = printParameter(value, type);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  const { sql, type, finite } = column;
  const list = (left: string, element: string): string => {
    const member = `${left} = any(${bind(printArray(texts))}::${element}[])`;
    return finite === undefined ? member : `(case when ${finite} then ${member} end)`;
  };
  switch (type.comparison) {
    case 'plain':
      return list(type.cast === undefined ? sql : `${sql}::${type.cast}`, type.parameterType);
    case 'text':
      return list(printDelivered(column, 'equality'), 'text');
    case 'uuid':
      return texts.every((text) => UUID.test(text)) ? list(sql, 'uuid') : list(`${sql}::text`, 'text');
    case 'cast-text':
      return list(`${sql}::text`, 'text');
    case 'timestamp':
    case 'timestamptz': {
      const each = constants.map((constant) => printComparison(column, '=', constant, bind));
      return each.every((text) => text !== undefined) ? `(${each.join(' or ')})` : undefined;
    }
    case 'none':
      return undefined;
  }
}
