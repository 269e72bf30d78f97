import type { Over, SortItem, WindowSpecification } from '../parse/syntax-tree.ts';
import { identitySql } from '../emit/compare.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { isOrderable } from '../types/orderable.ts';
import { printType } from '../types/type-text.ts';
import { analyze } from './expression.ts';
import { frameKey, frameText } from './frame.ts';
import type { ExpressionContext } from './context.ts';

/** `x DESC NULLS LAST, …`: Trino puts NULL last in both directions unless told otherwise. */
export function orderByText(items: readonly SortItem[], context: ExpressionContext): string {
  return items.map((item) => sortText(analyze(item.expression, context), item)).join(', ');
}

export function sortText(value: Typed, item: SortItem): string {
  if (!isOrderable(value.type)) {
    throw failAt(
      'TYPE_MISMATCH',
      item.expression.at,
      `Type ${printType(value.type)} is not orderable, and therefore cannot be used in ORDER BY: ${printType(value.type)}`,
    );
  }
  const key = identitySql(value.type, value.sql);
  return `${key} ${item.descending ? 'DESC' : 'ASC'} NULLS ${item.nullsFirst ? 'FIRST' : 'LAST'}`;
}

/** The window of an OVER clause. */
export function overText(over: Over, context: ExpressionContext): string {
  if (context.noWindows !== undefined && context.noWindows !== 'a window') {
    throw failAt('NESTED_WINDOW', { line: 1, col: 1 }, `Cannot nest window functions inside ${context.noWindows}`);
  }
  const window = resolveWindow(over, context);
  const partition = window.partitionBy.map((each) => {
    const value = analyze(each, context);
    return identitySql(value.type, value.sql);
  });
  const sort = window.orderBy.map((item) => {
    const value = analyze(item.expression, context);
    return { value, text: sortText({ type: value.type, sql: frameKey(window.frame, value) }, item) };
  });
  const parts = [
    ...(partition.length > 0 ? [`PARTITION BY ${partition.join(', ')}`] : []),
    ...(window.orderBy.length > 0 ? [`ORDER BY ${sort.map(({ text }) => text).join(', ')}`] : []),
    ...(window.frame ? [frameText(window.frame, sort[0]?.value, context)] : []),
  ];
  return `(${parts.join(' ')})`;
}

function resolveWindow(over: Over, context: ExpressionContext): WindowSpecification {
  if ('name' in over) {
    const named = context.windows?.get(over.name);
    if (!named) throw failAt('INVALID_WINDOW_REFERENCE', over.at, `Cannot resolve WINDOW name ${over.name}`);
    return resolveWindow(named, context);
  }
  if (over.existing === undefined) return over;
  const base = resolveWindow({ name: over.existing, at: { line: 1, col: 1 } }, context);
  return {
    partitionBy: base.partitionBy,
    orderBy: over.orderBy.length > 0 ? over.orderBy : base.orderBy,
    ...(over.frame ? { frame: over.frame } : {}),
  };
}
