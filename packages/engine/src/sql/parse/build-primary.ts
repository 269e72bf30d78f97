import type {
  FunctionCallContext,
  ListAggContext,
  OverContext,
  SortItemContext,
  WindowFrameContext,
  WindowSpecificationContext,
} from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import type { ParserRuleContext } from 'antlr4ng';
import { buildExpression, buildInterval } from './build-expression.ts';
import { addJson } from './build-json.ts';
import { buildQuery } from './build-query.ts';
import { buildType } from './build-type.ts';
import { nameOf, need, positionOf, stringOf, unsupported, type Dispatch } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import type {
  Expression,
  FrameBound,
  FunctionCall,
  Name,
  Over,
  Position,
  SortItem,
  WindowSpecification,
} from './syntax-tree.ts';

const call = (name: string, at: Position, ...parameters: readonly Expression[]): FunctionCall => ({
  kind: 'call',
  at,
  name,
  arguments: parameters,
});

/** Adds the grammar's primary expressions to the table of expressions. */
export function addPrimaries(dispatch: Dispatch<Expression>): Dispatch<Expression> {
  addLiterals(dispatch);
  addSpecialFunctions(dispatch);
  addJson(dispatch);
  const c = loadGrammar().contexts;
  return dispatch
    .on(c.ParenthesizedExpressionContext, (node) => buildExpression(node.expression()))
    .on(c.ColumnReferenceContext, (node) => names(node.columnName().qualifiedName().identifier().map(nameOf)))
    .on(c.DereferenceContext, (node) => ({
      kind: 'field',
      at: positionOf(node),
      base: buildExpression(node._base),
      field: nameOf(node._fieldName),
    }))
    .on(c.ParameterContext, (node) => ({ kind: 'parameter', at: positionOf(node) }))
    .on(c.RowConstructorContext, (node) => ({
      kind: 'row',
      at: positionOf(node),
      items: node.expression().map(buildExpression),
    }))
    .on(c.ArrayConstructorContext, (node) => ({
      kind: 'array',
      at: positionOf(node),
      items: node.expression().map(buildExpression),
    }))
    .on(c.SubscriptContext, (node) => ({
      kind: 'subscript',
      at: positionOf(node),
      base: buildExpression(node._value),
      index: buildExpression(node._index),
    }))
    .on(c.LambdaContext, (node) => ({
      kind: 'lambda',
      at: positionOf(node),
      parameters: node.identifier().map((name) => nameOf(name).text.toLowerCase()),
      body: buildExpression(node.expression()),
    }))
    .on(c.SubqueryExpressionContext, (node) => ({
      kind: 'subquery',
      at: positionOf(node),
      query: buildQuery(node.query()),
    }))
    .on(c.ExistsContext, (node) => ({ kind: 'exists', at: positionOf(node), query: buildQuery(node.query()) }))
    .on(c.CastContext, (node) => ({
      kind: 'cast',
      at: positionOf(node),
      try: node.KW_TRY_CAST() !== null,
      operand: buildExpression(node.expression()),
      type: buildType(node.type()),
    }))
    .on(c.SimpleCaseContext, (node) => ({
      kind: 'case',
      at: positionOf(node),
      operand: buildExpression(node._operand),
      whens: node.whenClause().map(buildWhen),
      ...(node._elseExpression ? { otherwise: buildExpression(node._elseExpression) } : {}),
    }))
    .on(c.SearchedCaseContext, (node) => ({
      kind: 'case',
      at: positionOf(node),
      whens: node.whenClause().map(buildWhen),
      ...(node._elseExpression ? { otherwise: buildExpression(node._elseExpression) } : {}),
    }))
    .on(c.GroupingOperationContext, (node) => ({
      kind: 'grouping',
      at: positionOf(node),
      columns: node.qualifiedName().map((name) => names(name.identifier().map(nameOf))),
    }))
    .on(c.ListAggContext, buildListAgg)
    .on(c.FunctionCallContext, buildCall);
}

function buildWhen(node: { _condition?: ParserRuleContext; _result?: ParserRuleContext }) {
  return { when: buildExpression(node._condition), then: buildExpression(node._result) };
}

/** `a.b.c` as a chain of fields; which part is a table is decided when names are resolved. */
function names([first, ...rest]: readonly Name[]): Expression {
  const head = need(first);
  return rest.reduce<Expression>((base, field) => ({ kind: 'field', at: head.at, base, field }), {
    kind: 'name',
    at: head.at,
    name: head,
  });
}

function addLiterals(dispatch: Dispatch<Expression>): void {
  const c = loadGrammar().contexts;
  dispatch
    .on(c.NullLiteralContext, (node) => ({ kind: 'null', at: positionOf(node) }))
    .on(c.BooleanLiteralContext, (node) => ({
      kind: 'boolean',
      at: positionOf(node),
      value: node.booleanValue().KW_TRUE() !== null,
    }))
    .on(c.StringLiteralContext, (node) => ({ kind: 'string', at: positionOf(node), text: stringOf(node.string()) }))
    .on(c.BinaryLiteralContext, (node) => ({
      kind: 'binary',
      at: positionOf(node),
      text: node.getText().slice(2, -1).replaceAll(/\s/g, ''),
    }))
    .on(c.IntervalLiteralContext, (node) => buildInterval(node.interval()))
    .on(c.TypeConstructorContext, (node) => {
      const name = node.identifier();
      return {
        kind: 'typed',
        at: positionOf(node),
        type: name ? nameOf(name).text.toLowerCase() : 'double',
        text: stringOf(node.string()),
      };
    })
    .on(c.NumericLiteralContext, (node) => {
      const number = node.number();
      const kind =
        number instanceof c.DecimalLiteralContext
          ? 'decimal'
          : number instanceof c.DoubleLiteralContext
            ? 'double'
            : 'integer';
      const text = number.getText();
      const at = positionOf(node);
      const literal: Expression = { kind, at, text: text.replace(/^-/, '').replaceAll('_', '') };
      return text.startsWith('-') ? { kind: 'negate', at, operand: literal } : literal;
    });
}

function addSpecialFunctions(dispatch: Dispatch<Expression>): void {
  const c = loadGrammar().contexts;
  const all = (nodes: readonly ParserRuleContext[]) => nodes.map(buildExpression);
  dispatch
    .on(c.CoalesceContext, (node) => call('coalesce', positionOf(node), ...all(node.expression())))
    .on(c.SubstringContext, (node) => call('substring', positionOf(node), ...all(node.valueExpression())))
    .on(c.PositionContext, (node) => {
      const [needle, haystack] = node.valueExpression();
      return call('strpos', positionOf(node), buildExpression(haystack), buildExpression(needle));
    })
    .on(c.TrimContext, (node) => {
      const how = node.trimsSpecification();
      const name = how?.KW_LEADING() ? 'ltrim' : how?.KW_TRAILING() ? 'rtrim' : 'trim';
      const parts = [node._trimSource, node._trimChar].filter((part) => part !== undefined && part !== null);
      return call(name, positionOf(node), ...all(parts));
    })
    .on(c.NormalizeContext, (node) => {
      const at = positionOf(node);
      const form: Expression = { kind: 'string', at, text: node.normalForm()?.getText().toUpperCase() ?? 'NFC' };
      return call('normalize', at, buildExpression(node.valueExpression()), form);
    })
    .on(c.ExtractContext, (node) => {
      const at = positionOf(node);
      const field: Expression = { kind: 'string', at, text: nameOf(node.identifier()).text.toLowerCase() };
      return call('$extract', at, field, buildExpression(node.valueExpression()));
    });
  const current = [
    [c.CurrentDateContext, 'current_date'],
    [c.CurrentTimeContext, 'current_time'],
    [c.CurrentTimestampContext, 'current_timestamp'],
    [c.LocalTimeContext, 'localtime'],
    [c.LocalTimestampContext, 'localtimestamp'],
    [c.CurrentUserContext, 'current_user'],
    [c.CurrentCatalogContext, 'current_catalog'],
    [c.CurrentSchemaContext, 'current_schema'],
  ] as const;
  for (const [type, name] of current) {
    dispatch.on<ParserRuleContext>(type, (node) => {
      const at = positionOf(node);
      const precision = /\((\d+)\)/.exec(node.getText())?.[1];
      return call(name, at, ...(precision === undefined ? [] : [{ kind: 'integer', at, text: precision } as const]));
    });
  }
}

function buildCall(node: FunctionCallContext): FunctionCall {
  const parts = node.functionName().qualifiedName().identifier().map(nameOf);
  if (node.processingMode() || node._label) throw unsupported(node, 'a row pattern function');
  const nulls = node.nullTreatment();
  const filter = node.filter();
  const over = node.over();
  return {
    kind: 'call',
    at: positionOf(node),
    name: parts.map((part) => part.text.toLowerCase()).join('.'),
    arguments: node.expression().map(buildExpression),
    orderBy: node.sortItem().map(buildSortItem),
    star: node.ASTERISK() !== null,
    distinct: (node.setQuantifier()?.KW_DISTINCT() ?? null) !== null,
    ...(filter ? { filter: buildExpression(filter.whereClause()._where) } : {}),
    ...(over ? { over: buildOver(over) } : {}),
    ...(nulls ? { nulls: nulls.KW_IGNORE() ? 'ignore' : 'respect' } : {}),
  };
}

function buildListAgg(node: ListAggContext): FunctionCall {
  const at = positionOf(node);
  const separator = node.string();
  const filter = node.filter();
  return {
    ...call('listagg', at, buildExpression(node.expression()), {
      kind: 'string',
      at,
      text: separator ? stringOf(separator) : '',
    }),
    orderBy: node.sortItem().map(buildSortItem),
    distinct: (node.setQuantifier()?.KW_DISTINCT() ?? null) !== null,
    ...(filter ? { filter: buildExpression(filter.whereClause()._where) } : {}),
  };
}

export function buildSortItem(node: SortItemContext): SortItem {
  const column = node.columnRef()?.qualifiedName();
  return {
    expression: column ? names(column.identifier().map(nameOf)) : buildExpression(node.expression()),
    descending: node.KW_DESC() !== null,
    nullsFirst: node.KW_FIRST() !== null,
  };
}

function buildOver(node: OverContext): Over {
  if (node._windowName) return { name: nameOf(node._windowName).text.toLowerCase(), at: positionOf(node) };
  return buildWindow(need(node.windowSpecification()));
}

export function buildWindow(node: WindowSpecificationContext): WindowSpecification {
  const frame = node.windowFrame();
  return {
    partitionBy: node.partitionBy()?.expression().map(buildExpression) ?? [],
    orderBy: node.sortItem().map(buildSortItem),
    ...(node._existingWindowName ? { existing: nameOf(node._existingWindowName).text.toLowerCase() } : {}),
    ...(frame ? { frame: buildFrame(frame) } : {}),
  };
}

function buildFrame(node: WindowFrameContext): NonNullable<WindowSpecification['frame']> {
  if (node.rowPattern()) throw unsupported(node, 'row pattern recognition in a window');
  const extent = node.frameExtent();
  return {
    unit: extent.KW_ROWS() ? 'rows' : extent.KW_GROUPS() ? 'groups' : 'range',
    start: buildBound(extent._start),
    end: extent._end ? buildBound(extent._end) : { kind: 'current row' },
  };
}

function buildBound(node: ParserRuleContext | undefined): FrameBound {
  const c = loadGrammar().contexts;
  if (node instanceof c.UnboundedFrameContext) return { kind: 'unbounded', following: node.KW_FOLLOWING() !== null };
  if (node instanceof c.CurrentRowBoundContext) return { kind: 'current row' };
  if (node instanceof c.BoundedFrameContext) {
    return { kind: 'offset', following: node.KW_FOLLOWING() !== null, value: buildExpression(node.expression()) };
  }
  throw unsupported(need(node), 'this frame');
}
