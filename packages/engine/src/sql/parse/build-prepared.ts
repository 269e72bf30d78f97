import type { ExpressionContext, StatementContext } from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import type { ParserRuleContext } from 'antlr4ng';
import { nameOf, stringOf } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import type { PreparedStatement } from './prepared-statement.ts';

/** EXECUTE, DEALLOCATE and DESCRIBE INPUT or OUTPUT; undefined: the statement is none of them. */
export function buildPrepared(node: StatementContext): PreparedStatement | undefined {
  const c = loadGrammar().contexts;
  const lower = (each: Parameters<typeof nameOf>[0]) => nameOf(each).text.toLowerCase();
  if (node instanceof c.ExecuteContext)
    return { kind: 'execute', name: lower(node.identifier()), parameters: texts(node.expression()) };
  if (node instanceof c.ExecuteImmediateContext)
    return { kind: 'execute immediate', text: stringOf(node.string()), parameters: texts(node.expression()) };
  if (node instanceof c.DeallocateContext) return { kind: 'deallocate', name: lower(node.identifier()) };
  if (node instanceof c.DescribeInputContext) return { kind: 'describe input', name: lower(node.identifier()) };
  if (node instanceof c.DescribeOutputContext) return { kind: 'describe output', name: lower(node.identifier()) };
  return undefined;
}

const texts = (nodes: readonly ExpressionContext[]): readonly string[] => nodes.map(sourceOf);

/** The text of a node as it was written. The grammar counts characters, JavaScript halves of them. */
export function sourceOf(node: ParserRuleContext): string {
  const { start, stop } = node;
  return start?.inputStream?.getText(start.start, stop?.stop ?? start.stop) ?? node.getText();
}

const PREPARE =
  /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*prepare\s+("(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_]*)\s+from\s+/iu;

/** `PREPARE name FROM statement`: the statement may be any, so it is read like any other. Errors keep their places in the whole text. */
export function parsePrepare(source: string, parse: (text: string) => unknown): PreparedStatement | undefined {
  const [head, name] = PREPARE.exec(source) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const rest = source.slice(head.length);
  parse(head.replace(/[^\n]/gu, ' ') + rest);
  const plain = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
  return { kind: 'prepare', name: plain.toLowerCase(), text: rest.trim() };
}
