import type { FunctionCall } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { DATE, VARCHAR } from '../types/type-text.ts';
import { castTo } from '../casts/cast.ts';
import { dateSql, integerLiteral } from '../emit/literals.ts';
import { quoteText, type Typed } from '../emit/typed.ts';
import type { ExpressionContext } from './context.ts';

function millisOf(context: ExpressionContext): bigint {
  return BigInt((context.statement.session.startedAt ?? new Date()).getTime());
}

function now(context: ExpressionContext): Typed {
  const type: TrinoType = { kind: 'timestamp with time zone', precision: 3 };
  return { type, sql: `CAST(${millisOf(context) * 4096n} AS BIGINT)` };
}

function precisionOf(node: FunctionCall): number {
  const [first] = node.arguments;
  return first?.kind === 'integer'
    ? Number(integerLiteral(BigInt(first.text), first.at, first.text).sql.replaceAll(/\D/g, ''))
    : 3;
}

const at = { line: 1, col: 1 };

/** The moment of the statement and who runs it where: constants while it runs. */
export const CURRENT: Readonly<Record<string, (node: FunctionCall, context: ExpressionContext) => Typed>> = {
  now: (_node, context) => now(context),
  current_timestamp: (node, context) =>
    castTo(now(context), { kind: 'timestamp with time zone', precision: precisionOf(node) }, at),
  localtimestamp: (node, context) => castTo(now(context), { kind: 'timestamp', precision: precisionOf(node) }, at),
  current_time: (node, context) =>
    castTo(now(context), { kind: 'time with time zone', precision: precisionOf(node) }, at),
  localtime: (node, context) => castTo(now(context), { kind: 'time', precision: precisionOf(node) }, at),
  current_date: (_node, context) => ({ type: DATE, sql: dateSql(millisOf(context) / 86_400_000n) }),
  current_user: (_node, context) => text(context.statement.session.user ?? 'ergane'),
  current_catalog: (_node, context) => text(context.statement.session.catalog),
  current_schema: (_node, context) => text(context.statement.session.schema),
  current_timezone: () => text('UTC'),
};

function text(value: string | undefined): Typed {
  return { type: VARCHAR, sql: value === undefined ? 'CAST(NULL AS VARCHAR)' : quoteText(value) };
}
