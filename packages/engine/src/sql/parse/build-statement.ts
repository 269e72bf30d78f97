import type { StatementContext } from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import type { ParserRuleContext } from 'antlr4ng';
import { buildPrepared, sourceOf } from './build-prepared.ts';
import { buildQuery } from './build-query.ts';
import { tableOrView } from './build-relation.ts';
import { buildWrite } from './build-write.ts';
import { stringOf, unsupported } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import { parseUtility } from './parse-utility.ts';
import type { ExplainFormat, ExplainType, Statement } from './syntax-tree.ts';

/** Turns the grammar's statement into ours; what it cannot say is `ddl` (with the text) or NOT_SUPPORTED. */
export function buildStatement(node: StatementContext, text: string): Statement {
  const c = loadGrammar().contexts;
  if (node instanceof c.StatementDefaultContext) {
    const root = node.rootQuery();
    if (root.withFunction()) throw unsupported(root, 'WITH FUNCTION');
    return { kind: 'query', query: buildQuery(root.query()) };
  }
  if (node instanceof c.ExplainContext) {
    const options = node.explainOption();
    return {
      kind: 'explain',
      analyze: false,
      format: explainFormat(options),
      type: explainType(options),
      statement: inner(node.statement(), text),
    };
  }
  if (node instanceof c.ExplainAnalyzeContext) {
    return {
      kind: 'explain',
      analyze: true,
      format: 'text',
      type: 'distributed',
      statement: inner(node.statement(), text),
    };
  }
  if (node instanceof c.ShowCatalogsContext) {
    return { kind: 'show catalogs', ...(node._pattern ? { like: stringOf(node._pattern) } : {}) };
  }
  if (node instanceof c.ShowFunctionsContext) {
    return { kind: 'show functions', ...(node._pattern ? { like: stringOf(node._pattern) } : {}) };
  }
  if (node instanceof c.ShowSessionContext) {
    return { kind: 'show session', ...(node._pattern ? { like: stringOf(node._pattern) } : {}) };
  }
  if (node instanceof c.ShowStatsContext) {
    const [table = '', schema, catalog] = tableOrView(node.tableOrViewName())
      .parts.map(({ text: part }) => part)
      .toReversed();
    return { kind: 'show stats', table: { table, ...(schema && { schema }), ...(catalog && { catalog }) } };
  }
  const prepared = buildPrepared(node);
  if (prepared !== undefined) return prepared;
  const write = buildWrite(node, text);
  if (write !== undefined) return write;
  throw unsupported(node, 'this statement');
}

function inner(node: StatementContext, text: string): Statement {
  return parseUtility(sourceOf(node)) ?? buildStatement(node, text);
}

function explainFormat(options: readonly ParserRuleContext[]): ExplainFormat {
  const { ExplainFormatContext } = loadGrammar().contexts;
  const found = options.find((option) => option instanceof ExplainFormatContext);
  return found?.KW_JSON() ? 'json' : found?.KW_GRAPHVIZ() ? 'graphviz' : 'text';
}

function explainType(options: readonly ParserRuleContext[]): ExplainType {
  const { ExplainTypeContext } = loadGrammar().contexts;
  const found = options.find((option) => option instanceof ExplainTypeContext);
  if (found?.KW_LOGICAL()) return 'logical';
  if (found?.KW_VALIDATE()) return 'validate';
  return found?.KW_IO() ? 'io' : 'distributed';
}
