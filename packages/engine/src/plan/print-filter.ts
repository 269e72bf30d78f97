import type { PlanExpression } from './plan-expression.ts';

/** A filter that stays with the engine, for EXPLAIN. */
export function printFilter(filter: PlanExpression, nameOf: (column: number) => string): string {
  const print = (expression: PlanExpression): string => printFilter(expression, nameOf);
  switch (filter.kind) {
    case 'column':
      return nameOf(filter.index);
    case 'constant':
      return typeof filter.value === 'string' ? `'${filter.value}'` : String(filter.value);
    case 'comparison':
      return `${print(filter.left)} ${filter.operator} ${print(filter.right)}`;
    case 'and':
    case 'or':
      return `(${filter.children.map(print).join(filter.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `NOT ${print(filter.child)}`;
    case 'is null':
    case 'is not null':
      return `${print(filter.child)} ${filter.kind.toUpperCase()}`;
    case 'in':
    case 'not in':
      return `${print(filter.child)} ${filter.kind.toUpperCase()} (${filter.list.map(print).join(', ')})`;
    case 'function':
      if (/^\W+$/.test(filter.name) && filter.arguments.length === 2)
        return `(${filter.arguments.map(print).join(` ${filter.name === '~~' ? 'LIKE' : filter.name} `)})`;
      return `${filter.name}(${filter.arguments.map(print).join(', ')})`;
    case 'cast':
      return `CAST(${print(filter.child)} AS ${filter.type.id})`;
    case 'other':
      return '…';
  }
}
