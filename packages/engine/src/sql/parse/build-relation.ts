import type {
  JoinColumnReferenceContext,
  JoinCriteriaContext,
  JoinRelationContext,
  RelationSourceTableContext,
} from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import type { ParserRuleContext } from 'antlr4ng';
import { buildExpression } from './build-expression.ts';
import { buildJsonTable } from './build-json-table.ts';
import { buildQuery, qualified } from './build-query.ts';
import { nameOf, need, positionOf, unsupported } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import type { Relation, TableName } from './syntax-tree.ts';

export function buildRelation(node: ParserRuleContext | null | undefined): Relation {
  const c = loadGrammar().contexts;
  if (node instanceof c.RelationDefaultContext) return buildRelation(node.sampledRelation());
  if (node instanceof c.JoinRelationContext) return buildJoin(node);
  if (node instanceof c.SampledRelationContext) {
    const relation = buildRelation(node.patternRecognition());
    const sample = node.sampleType();
    if (!sample) return relation;
    const percentage = buildExpression(node._percentage);
    const method = sample.KW_SYSTEM() ? 'system' : 'bernoulli';
    return { kind: 'sample', at: positionOf(node), relation, method, percentage };
  }
  if (node instanceof c.PatternRecognitionContext) {
    if (node.KW_MATCH_RECOGNIZE()) return { kind: 'unsupported', at: positionOf(node), what: 'MATCH_RECOGNIZE' };
    return buildRelation(node.aliasedRelation());
  }
  if (node instanceof c.AliasedRelationContext) {
    const relation = buildRelation(node.relationPrimary());
    const columns = node.columnAliases();
    if (!node._alias) return relation;
    return {
      kind: 'aliased',
      at: positionOf(node),
      relation,
      alias: nameOf(node._alias),
      ...(columns ? { columns: columns.identifier().map(nameOf) } : {}),
    };
  }
  return buildPrimary(need(node));
}

function buildPrimary(node: ParserRuleContext): Relation {
  const c = loadGrammar().contexts;
  const at = positionOf(node);
  if (node instanceof c.ParenthesizedRelationContext) return buildRelation(node.relation());
  if (node instanceof c.TableNameContext) {
    if (node.queryPeriod()) return { kind: 'unsupported', at, what: 'FOR TIMESTAMP or VERSION AS OF' };
    return { kind: 'table', at, name: tableOrView(node.tableOrViewName()) };
  }
  if (node instanceof c.ExpressionSourceTableContext) return buildSource(node.relationSourceTable());
  throw unsupported(node, 'this relation');
}

export function tableOrView(node: ParserRuleContext): TableName {
  const c = loadGrammar().contexts;
  const inner = node instanceof c.TableOrViewNameContext ? (node.tableRef() ?? node.viewRef()) : undefined;
  return { parts: need(inner).identifier().map(nameOf), at: positionOf(node) };
}

function buildSource(node: RelationSourceTableContext): Relation {
  const c = loadGrammar().contexts;
  const at = positionOf(node);
  if (node instanceof c.SubqueryRelationContext) {
    return { kind: 'query', at, query: buildQuery(node.query()), lateral: false };
  }
  if (node instanceof c.LateralContext) return { kind: 'query', at, query: buildQuery(node.query()), lateral: true };
  if (node instanceof c.UnnestContext) {
    const ordinality = node.KW_ORDINALITY() !== null;
    return { kind: 'unnest', at, arguments: node.expression().map(buildExpression), ordinality };
  }
  if (node instanceof c.TableFunctionInvocationContext) {
    const call = node.tableFunctionCall();
    const parameters = call.tableFunctionArgument().map((argument) => {
      const value = argument.expression();
      if (!value) throw unsupported(argument, 'a table as an argument');
      const name = argument.identifier();
      return { value: buildExpression(value), ...(name ? { name: nameOf(name).text.toLowerCase() } : {}) };
    });
    const name = call.functionName().qualifiedName().identifier().map(nameOf);
    return { kind: 'table function', at, name, arguments: parameters };
  }
  if (node instanceof c.JsonTableContext) return buildJsonTable(node);
  throw unsupported(node, 'this relation');
}

function buildJoin(node: JoinRelationContext): Relation {
  const at = positionOf(node);
  const left = buildRelation(node._left);
  if (node.KW_CROSS()) return { kind: 'join', at, type: 'cross', left, right: buildRelation(node._right) };
  const type = joinType(node);
  if (node.KW_NATURAL()) {
    return { kind: 'join', at, type, left, right: buildRelation(node._right), natural: true };
  }
  const right = buildRelation(node._rightRelation);
  return { kind: 'join', at, type, left, right, ...criteria(need(node.joinCriteria())) };
}

function joinType(node: JoinRelationContext): 'inner' | 'left' | 'right' | 'full' {
  const type = node.joinType();
  return type?.KW_LEFT() ? 'left' : type?.KW_RIGHT() ? 'right' : type?.KW_FULL() ? 'full' : 'inner';
}

function criteria(node: JoinCriteriaContext): Partial<Extract<Relation, { kind: 'join' }>> {
  if (node.KW_USING()) return { using: node.identifier().map(nameOf) };
  const condition = node.booleanExpression();
  if (condition) return { on: buildExpression(condition) };
  const equality = need(node.joinColumnEquality());
  const side = (reference: JoinColumnReferenceContext | undefined) => {
    const present = need(reference);
    const table = present.identifier();
    const column = present.columnName()?.qualifiedName().identifier() ?? [];
    return qualified([...(table ? [table] : []), ...column].map(nameOf));
  };
  return {
    on: {
      kind: 'comparison',
      at: positionOf(equality.EQ().symbol ? equality : node),
      operator: '=',
      left: side(equality._left),
      right: side(equality._right),
    },
  };
}
