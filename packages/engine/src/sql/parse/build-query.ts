import type {
  GroupByContext,
  GroupingSetContext,
  QueryContext,
  QueryNoWithContext,
  QuerySpecificationContext,
  RowCountContext,
  SelectItemContext,
  TableRefContext,
} from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import type { ParserRuleContext } from 'antlr4ng';
import { buildExpression } from './build-expression.ts';
import { buildSortItem, buildWindow } from './build-primary.ts';
import { buildRelation } from './build-relation.ts';
import { nameOf, need, positionOf, unsupported, tokenPosition } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import type {
  Expression,
  GroupingElement,
  Query,
  QueryBody,
  Relation,
  Select,
  SelectItem,
  TableName,
} from './syntax-tree.ts';

export function buildQuery(node: QueryContext): Query {
  const { QueryStatementContext } = loadGrammar().contexts;
  if (!(node instanceof QueryStatementContext)) throw unsupported(node, 'this query');
  const withClause = node.with();
  return {
    ...buildQueryNoWith(node.queryNoWith()),
    recursive: withClause !== null && withClause.KW_RECURSIVE() !== null,
    with: (withClause?.namedQuery() ?? []).map((named) => {
      const columns = named.columnAliases();
      return {
        name: nameOf(named._name),
        query: buildQuery(named.query()),
        ...(columns ? { columns: columns.identifier().map(nameOf) } : {}),
      };
    }),
  };
}

function buildQueryNoWith(node: QueryNoWithContext): Query {
  const limit = node._fetchFirst ?? node._limit?.rowCount();
  const fetchOne = node.KW_FETCH() !== null && !node._fetchFirst;
  const one: Expression = { kind: 'integer', at: positionOf(node), text: '1' };
  return {
    at: positionOf(node),
    recursive: false,
    with: [],
    body: buildTerm(node.queryTerm()),
    orderBy: node.sortItem().map(buildSortItem),
    withTies: node.KW_TIES() !== null,
    ...(node._offset ? { offset: buildCount(node._offset) } : {}),
    ...(limit ? { limit: buildCount(limit) } : fetchOne ? { limit: one } : {}),
  };
}

function buildCount(node: RowCountContext): Expression {
  const at = positionOf(node);
  const number = node.INTEGER_VALUE();
  return number ? { kind: 'integer', at, text: number.getText() } : { kind: 'parameter', at };
}

function buildTerm(node: ParserRuleContext | null | undefined): QueryBody {
  const c = loadGrammar().contexts;
  if (node instanceof c.QueryTermDefaultContext) return buildTerm(node.queryPrimary());
  if (node instanceof c.SetOperationContext) {
    const operator = node.KW_UNION() ? 'union' : node.KW_INTERSECT() ? 'intersect' : 'except';
    return {
      kind: 'set operation',
      at: tokenPosition(node._operator),
      operator,
      all: (node.setQuantifier()?.KW_ALL() ?? null) !== null,
      left: buildTerm(node._left),
      right: buildTerm(node._right),
    };
  }
  if (node instanceof c.QueryPrimaryDefaultContext) return buildSelect(node.querySpecification());
  if (node instanceof c.TableContext) {
    return { kind: 'table', at: positionOf(node), name: buildTableName(node.tableRef()) };
  }
  if (node instanceof c.InlineTableContext) {
    return { kind: 'values', at: positionOf(node), rows: node.expression().map(buildExpression) };
  }
  if (node instanceof c.SubqueryContext) {
    return { kind: 'nested', at: positionOf(node), query: buildQueryNoWith(node.queryNoWith()) };
  }
  throw unsupported(need(node), 'this query');
}

export function buildTableName(node: TableRefContext): TableName {
  return { parts: node.identifier().map(nameOf), at: positionOf(node) };
}

function buildSelect(node: QuerySpecificationContext): Select {
  const relations = node.relation().map(buildRelation);
  const groupBy = node.groupBy();
  const where = node.whereClause();
  const having = node.havingClause();
  return {
    kind: 'select',
    at: positionOf(node),
    distinct: (node.setQuantifier()?.KW_DISTINCT() ?? null) !== null,
    items: node.selectList().selectItem().map(buildItem),
    windows: node.windowDefinition().map((definition) => ({
      name: nameOf(definition._name).text.toLowerCase(),
      window: buildWindow(definition.windowSpecification()),
    })),
    ...(relations.length > 0 ? { from: crossJoin(relations) } : {}),
    ...(where ? { where: buildExpression(where._where) } : {}),
    ...(groupBy ? { groupBy: buildGroupBy(groupBy) } : {}),
    ...(having ? { having: buildExpression(having._having) } : {}),
  };
}

function crossJoin(relations: readonly Relation[]): Relation {
  return relations.reduce((left, right) => ({ kind: 'join', at: right.at, type: 'cross', left, right }));
}

function buildItem(node: SelectItemContext): SelectItem {
  const at = positionOf(node);
  const all = node.tableAllColumns();
  if (all) {
    const aliases = node.columnAliases();
    return {
      kind: 'all of',
      at,
      base: buildExpression(all.primaryExpression()),
      ...(aliases ? { aliases: aliases.identifier().map(nameOf) } : {}),
    };
  }
  if (node.selectAllWithoutTable()) return { kind: 'all', at };
  const column = node.selectLiteralColumnName()?.columnRef().qualifiedName();
  const expression = column
    ? qualified(column.identifier().map(nameOf))
    : buildExpression(need(node.selectExpressionColumnName()).expression());
  return { kind: 'expression', at, expression, ...(node._alias ? { alias: nameOf(node._alias) } : {}) };
}

export function qualified([first, ...rest]: readonly ReturnType<typeof nameOf>[]): Expression {
  const head = need(first);
  return rest.reduce<Expression>((base, field) => ({ kind: 'field', at: head.at, base, field }), {
    kind: 'name',
    at: head.at,
    name: head,
  });
}

function buildGroupBy(node: GroupByContext): NonNullable<Select['groupBy']> {
  return {
    distinct: (node.setQuantifier()?.KW_DISTINCT() ?? null) !== null,
    elements: node.groupingElement().map(buildGroupingElement),
  };
}

function buildGroupingElement(node: ParserRuleContext): GroupingElement {
  const c = loadGrammar().contexts;
  if (node instanceof c.SingleGroupingSetContext) return { kind: 'simple', set: buildSet(node.groupingSet()) };
  if (node instanceof c.RollupContext) return { kind: 'rollup', sets: node.groupingSet().map(buildSet) };
  if (node instanceof c.CubeContext) return { kind: 'cube', sets: node.groupingSet().map(buildSet) };
  if (node instanceof c.MultipleGroupingSetsContext) return { kind: 'sets', sets: node.groupingSet().map(buildSet) };
  throw unsupported(node, 'this grouping');
}

function buildSet(node: GroupingSetContext): Expression[] {
  return node.groupingTerm().map((term) => {
    const column = term.columnRef()?.qualifiedName();
    return column ? qualified(column.identifier().map(nameOf)) : buildExpression(term.expression());
  });
}
