import { parseStatement } from '../../src/sql/index.ts';
import type { Name } from '../../src/sql/parse/syntax-tree.ts';

/** The statement with `place(name)` where it names a table by one plain word; names of its own WITH queries stay. */
export function qualifyTables(sql: string, place: (table: string) => string | undefined): string {
  const found = { tables: new Map<string, Name>(), named: new Set<string>() };
  collect(parseStatement(sql), found);
  const lines = sql.split('\n');
  const lastFirst = [...found.tables.values()].sort((a, b) => b.at.line - a.at.line || b.at.col - a.at.col);
  for (const { text, quoted, at } of lastFirst) {
    const name = text.toLowerCase();
    const qualified = found.named.has(name) ? undefined : place(name);
    const line = lines[at.line - 1] ?? '';
    const end = at.col - 1 + text.length + (quoted ? 2 : 0);
    if (qualified !== undefined) lines[at.line - 1] = line.slice(0, at.col - 1) + qualified + line.slice(end);
  }
  return lines.join('\n');
}

/** Every table name of a syntax tree by its place, and the names that its WITH clauses give. */
function collect(node: unknown, found: { readonly tables: Map<string, Name>; readonly named: Set<string> }): void {
  if (typeof node !== 'object' || node === null) return;
  if ('kind' in node && node.kind === 'table' && 'name' in node) {
    const [only, ...others] = partsOf(node.name);
    if (only && others.length === 0) found.tables.set(`${only.at.line}:${only.at.col}`, only);
  }
  if ('with' in node && Array.isArray(node.with))
    for (const query of node.with as readonly unknown[])
      if (typeof query === 'object' && query !== null && 'name' in query && isName(query.name))
        found.named.add(query.name.text.toLowerCase());
  for (const child of Object.values(node)) collect(child, found);
}

function partsOf(name: unknown): readonly Name[] {
  if (typeof name !== 'object' || name === null || !('parts' in name) || !Array.isArray(name.parts)) return [];
  return (name.parts as readonly unknown[]).filter(isName);
}

function isName(value: unknown): value is Name {
  return typeof value === 'object' && value !== null && 'text' in value && 'at' in value;
}
