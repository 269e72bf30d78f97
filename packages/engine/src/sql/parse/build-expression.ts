import { ErganeError } from '@ergane/protocol';
import type {
  ComparisonOperatorContext,
  IntervalContext,
  PredicateContext,
} from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import type { ParserRuleContext, Token } from 'antlr4ng';
import { buildQuery } from './build-query.ts';
import { addPrimaries } from './build-primary.ts';
import { Dispatch, need, positionOf, stringOf, tokenPosition, unsupported } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import type { ArithmeticOperator, ComparisonOperator, Expression, IntervalField, Position } from './syntax-tree.ts';

let table: Dispatch<Expression> | undefined;

/** Turns any expression node of the grammar into ours. */
export function buildExpression(node: ParserRuleContext | null | undefined): Expression {
  table ??= makeTable();
  return table.build(node);
}

function makeTable(): Dispatch<Expression> {
  const c = loadGrammar().contexts;
  const dispatch = new Dispatch<Expression>()
    .on(c.ExpressionContext, (node) => buildExpression(node.booleanExpression()))
    .on(c.LogicalNotContext, (node) => not(buildExpression(node.booleanExpression()), positionOf(node)))
    .on(c.OrContext, (node) => logical('or', node.booleanExpression(), positionOf(node)))
    .on(c.AndContext, (node) => logical('and', node.booleanExpression(), positionOf(node)))
    .on(c.PredicatedContext, (node) => {
      const operand = buildExpression(node._valueExpression);
      const predicate = node.predicate();
      return predicate ? buildPredicate(operand, predicate) : operand;
    })
    .on(c.ValueExpressionDefaultContext, (node) => buildExpression(node.primaryExpression()))
    .on(c.ConcatenationContext, (node) => ({
      kind: 'concat',
      at: tokenPosition(node.CONCAT().symbol),
      left: buildExpression(node._left),
      right: buildExpression(node._right),
    }))
    .on(c.ArithmeticBinaryContext, (node) => ({
      kind: 'arithmetic',
      at: tokenPosition(node._operator),
      operator: arithmeticOperator(node._operator),
      left: buildExpression(node._left),
      right: buildExpression(node._right),
    }))
    .on(c.ArithmeticUnaryContext, (node) => {
      const operand = buildExpression(node.valueExpression());
      return node.MINUS() ? { kind: 'negate', at: positionOf(node), operand } : operand;
    })
    .on(c.AtTimeZoneContext, (node) => ({
      kind: 'at time zone',
      at: tokenPosition(node.KW_AT().symbol),
      operand: buildExpression(node.valueExpression()),
      zone: buildZone(node.timeZoneSpecifier()),
    }));
  return addPrimaries(dispatch);
}

function buildZone(node: ParserRuleContext): Expression {
  const c = loadGrammar().contexts;
  if (node instanceof c.TimeZoneStringContext) {
    return { kind: 'string', at: positionOf(node), text: stringOf(node.string()) };
  }
  if (node instanceof c.TimeZoneIntervalContext) return buildInterval(node.interval());
  throw unsupported(node, 'this time zone');
}

export function buildInterval(node: IntervalContext): Expression {
  const to = node._to;
  return {
    kind: 'interval',
    at: positionOf(node),
    negative: node.MINUS() !== null,
    text: stringOf(node.string()),
    from: intervalField(need(node._from_)),
    ...(to ? { to: intervalField(to) } : {}),
  };
}

function intervalField(node: ParserRuleContext): IntervalField {
  const text = node.getText().toLowerCase();
  switch (text) {
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
    case 'minute':
    case 'second':
      return text;
    default:
      throw unsupported(node, 'this interval field');
  }
}

function not(operand: Expression, at: Position): Expression {
  return { kind: 'not', at, operand };
}

/** `a AND b AND c …` comes as a left-deep tree, thousands deep in generated statements: it is folded without recursion. */
function logical(kind: 'and' | 'or', [first, second]: readonly ParserRuleContext[], at: Position): Expression {
  const c = loadGrammar().contexts;
  const type = kind === 'and' ? c.AndContext : c.OrContext;
  const rights: ParserRuleContext[] = [need(second)];
  let left = need(first);
  while (left instanceof type) {
    const [inner, outer] = left.booleanExpression();
    rights.push(need(outer));
    left = need(inner);
  }
  return rights.reduceRight<Expression>(
    (tree, right) => ({ kind, at, left: tree, right: buildExpression(right) }),
    buildExpression(left),
  );
}

function arithmeticOperator(token: Token | null | undefined): ArithmeticOperator {
  const text = token?.text;
  if (text === '+' || text === '-' || text === '*' || text === '/' || text === '%') return text;
  throw new ErganeError('INTERNAL', `unknown operator ${text}`);
}

function comparisonOperator(node: ComparisonOperatorContext): ComparisonOperator {
  const text = node.getText();
  if (text === '!=') return '<>';
  if (text === '=' || text === '<>' || text === '<' || text === '<=' || text === '>' || text === '>=') return text;
  throw unsupported(node, 'this operator');
}

function buildPredicate(operand: Expression, node: PredicateContext): Expression {
  const c = loadGrammar().contexts;
  const at = positionOf(node);
  if (node instanceof c.ComparisonContext) {
    const operator = comparisonOperator(node.comparisonOperator());
    return { kind: 'comparison', at, operator, left: operand, right: buildExpression(node._right) };
  }
  const negated = 'KW_NOT' in node && typeof node.KW_NOT === 'function' && node.KW_NOT() !== null;
  const positive = buildPositive(operand, node, at);
  return negated ? not(positive, at) : positive;
}

function buildPositive(operand: Expression, node: PredicateContext, at: Position): Expression {
  const c = loadGrammar().contexts;
  if (node instanceof c.BetweenContext) {
    return { kind: 'between', at, operand, lower: buildExpression(node._lower), upper: buildExpression(node._upper) };
  }
  if (node instanceof c.InListContext) {
    return { kind: 'in list', at, operand, items: node.expression().map(buildExpression) };
  }
  if (node instanceof c.InSubqueryContext) return { kind: 'in query', at, operand, query: buildQuery(node.query()) };
  if (node instanceof c.LikeContext) {
    const pattern = buildExpression(node._pattern);
    const escape = node._escape;
    return { kind: 'like', at, operand, pattern, ...(escape ? { escape: buildExpression(escape) } : {}) };
  }
  if (node instanceof c.NullPredicateContext) return { kind: 'is null', at, operand };
  if (node instanceof c.DistinctFromContext) {
    return { kind: 'distinct from', at, left: operand, right: buildExpression(node._right) };
  }
  if (node instanceof c.QuantifiedComparisonContext) {
    const quantifier = node.comparisonQuantifier().KW_ALL() ? 'all' : 'any';
    const operator = comparisonOperator(node.comparisonOperator());
    return { kind: 'quantified', at, operator, quantifier, left: operand, query: buildQuery(node.query()) };
  }
  throw unsupported(node, 'this predicate');
}
