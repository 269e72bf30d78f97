import type { Expression } from '../parse/syntax-tree.ts';
import { signaturesOf } from '../functions/resolve.ts';
import { findField, pathOf, type Scope } from './scope.ts';

/** A text that is equal for expressions that mean the same in a scope: names are replaced by the columns they name. */
export function keyText(node: Expression, scope: Scope): string {
  return part(node, scope);
}

function part(value: unknown, scope: Scope): string {
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return `[${items.map((item) => part(item, scope)).join()}]`;
  }
  if (typeof value !== 'object' || value === null)
    return typeof value === 'string' ? JSON.stringify(value) : String(value);
  if (isExpression(value)) {
    const path = pathOf(value);
    const found = path && findField(scope, path, value.at);
    if (path && found) {
      const rest = path.slice(found.used).map((name) => name.text.toLowerCase());
      return `#${[found.field.sql, ...rest].join('.')}`;
    }
  }
  const entries = Object.entries(value).filter(([name, each]) => name !== 'at' && !isDefault(each));
  return `{${entries.map(([name, each]) => `${name}:${part(each, scope)}`).join()}}`;
}

const isDefault = (value: unknown) =>
  value === undefined || value === false || (Array.isArray(value) && value.length === 0);

function isExpression(value: object): value is Expression {
  return 'kind' in value && (value.kind === 'name' || value.kind === 'field');
}

/** Calls `visit` for an expression and all inside it, but for what stands in sub-queries. */
export function walkExpression(node: unknown, visit: (node: Expression) => void): void {
  if (Array.isArray(node)) {
    const items: readonly unknown[] = node;
    for (const item of items) walkExpression(item, visit);
    return;
  }
  if (typeof node !== 'object' || node === null || ('body' in node && 'with' in node)) return;
  if (isNode(node)) visit(node);
  for (const each of Object.values(node)) walkExpression(each, visit);
}

function isNode(value: object): value is Expression {
  return 'kind' in value && 'at' in value;
}

/** Whether an expression holds an aggregate (one with OVER is none) or a GROUPING operation. */
export function hasAggregate(node: unknown): boolean {
  let found = false;
  walkExpression(node, (each) => {
    found ||= each.kind === 'grouping';
    found ||= each.kind === 'call' && !each.over && signaturesOf(each.name)[0]?.kind === 'aggregate';
  });
  return found;
}
