import { ErganeError } from '@ergane/protocol';
import type { Expression, Position } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { commonOf, sameType } from '../types/coercion.ts';
import { duckdbType } from '../types/physical-type.ts';
import { canonical, parseJson, printJson } from '../runtime/json-tree.ts';
import { BOOLEAN, JSON_TYPE, UNKNOWN, VARCHAR, arrayOf, printType, resolveType } from '../types/type-text.ts';
import { castTo, coerceTo } from '../casts/cast.ts';
import { instantLiteral, decimalLiteral, literal } from '../emit/literals.ts';
import { failAt, quoteText, type Typed } from '../emit/typed.ts';
import { analyzeCall } from './call.ts';
import { analyzeJson } from './json.ts';
import { intervalLiteral } from './interval.ts';
import { arithmetic, concatenate, negate } from './arithmetic.ts';
import { between, comparison, distinctFrom, inList } from './comparison.ts';
import { like } from './like.ts';
import { exists, inQuery, quantified, scalarSubquery } from './subquery.ts';
import type { ExpressionContext } from './context.ts';
import { findField, pathOf, rowField, suggest } from './scope.ts';
import { atTimeZone } from './time-zone.ts';
import { subscript } from './subscript.ts';

/** The Trino type and DuckDB expression of an expression. Throws the error that Trino would, with line and column. */
export function analyze(node: Expression, context: ExpressionContext): Typed {
  const key = context.grouping?.findKey(node);
  if (key) return key;
  switch (node.kind) {
    case 'null':
    case 'boolean':
    case 'integer':
    case 'decimal':
    case 'double':
    case 'string':
    case 'binary':
      return literal(node);
    case 'parameter':
      return parameter(node.at, context);
    case 'typed':
      return typedLiteral(node.type, node.text, node.at);
    case 'interval':
      return intervalLiteral(node);
    case 'name':
    case 'field':
      return reference(node, context);
    case 'arithmetic':
      return arithmetic(node, analyze(node.left, context), analyze(node.right, context));
    case 'negate':
      return negate(node, context);
    case 'concat':
      return concatenate(node, context);
    case 'at time zone':
      return atTimeZone(node, context);
    case 'comparison':
      return comparison(node.operator, analyze(node.left, context), analyze(node.right, context), node.at);
    case 'quantified':
      return quantified(node, context);
    case 'and':
    case 'or':
      return logical(node, context);
    case 'not':
      return { type: BOOLEAN, sql: `(NOT ${condition(node.operand, context, 'NOT').sql})` };
    case 'between':
      return between(node, context);
    case 'in list':
      return inList(node, context);
    case 'in query':
      return inQuery(node, context);
    case 'like':
      return like(node, context);
    case 'is null':
      return { type: BOOLEAN, sql: `(${analyze(node.operand, context).sql} IS NULL)` };
    case 'distinct from':
      return distinctFrom(node, context);
    case 'exists':
      return exists(node.query, context);
    case 'subquery':
      return scalarSubquery(node, context);
    case 'cast':
      return cast(node, context);
    case 'case':
      return caseOf(node, context);
    case 'array':
      return arrayConstructor(node.items, node.at, context);
    case 'row':
      return rowConstructor(node.items.map((item) => analyze(item, context)));
    case 'subscript':
      return subscript(node, context);
    case 'lambda':
      throw failAt('TYPE_MISMATCH', node.at, 'Lambda expression should always be used inside a function');
    case 'grouping':
      if (!context.grouping)
        throw failAt(
          'MISSING_GROUP_BY',
          node.at,
          'A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause',
        );
      return context.grouping.translateGroupingOperation(node.columns);
    case 'call':
      return analyzeCall(node, context);
    case 'json':
      return analyzeJson(node, context);
  }
}

/** An expression that must be boolean. */
export function condition(node: Expression, context: ExpressionContext, what: string): Typed {
  const value = analyze(node, context);
  if (value.type.kind === 'boolean') return value;
  if (value.type.kind === 'unknown') return { type: BOOLEAN, sql: 'CAST(NULL AS BOOLEAN)' };
  const actual = printType(value.type);
  const isClause = what.endsWith(' clause') && what !== 'CASE WHEN clause';
  const told = isClause ? `: actual type ${actual}` : ` (actual: ${actual})`;
  throw failAt('TYPE_MISMATCH', node.at, `${what} must evaluate to a boolean${told}`);
}

/** An expression that must have, or coerce to, a type. */
export function expect(node: Expression, type: TrinoType, context: ExpressionContext, what: string): Typed {
  const value = analyze(node, context);
  const common = commonOf([value.type, type]);
  if (!common || !sameType(common, type)) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `${what} must evaluate to ${printType(type)} (actual: ${printType(value.type)})`,
    );
  }
  return coerceTo(value, type);
}

function parameter(at: Position, context: ExpressionContext): Typed {
  const { find, onType } = context.statement.parameters;
  const value = find(at);
  if (!value)
    throw failAt(
      'INVALID_PARAMETER_USAGE',
      at,
      'Incorrect number of parameters: the query has more `?` than values were given',
    );
  const typed = analyze(value, { ...context, scope: { fields: [] } });
  return onType ? { ...typed, onType: (type) => onType(at, type) } : typed;
}

function typedLiteral(name: string, text: string, at: Position): Typed {
  if (name === 'decimal') return decimalLiteral(text, at);
  const instant = instantLiteral(name, text, at);
  if (instant) return instant;
  if (name === 'json') {
    const tree = parseJson(text);
    if (!tree) throw failAt('INVALID_LITERAL', at, `'${text}' is not a valid JSON literal`);
    return { type: JSON_TYPE, sql: quoteText(printJson(canonical(tree))) };
  }
  const type =
    name === 'char' ? ({ kind: 'char', length: text.length } as const) : resolveType({ name, parameters: [], at });
  return castTo({ type: VARCHAR, sql: quoteText(text) }, type, at);
}

function reference(node: Extract<Expression, { kind: 'name' | 'field' }>, context: ExpressionContext): Typed {
  const path = pathOf(node);
  const found = path && findField(context.scope, path, node.at);
  if (path && found) {
    const { field, used } = found;
    if (field.ungrouped) {
      const name = path.map((part) => part.text).join('.');
      throw failAt(
        'EXPRESSION_NOT_AGGREGATE',
        node.at,
        `'${name}' must be an aggregate expression or appear in GROUP BY clause`,
      );
    }
    return path.slice(used).reduce<Typed>(
      (value, part) => {
        const part_ = rowField(value, part, node.at);
        if (!part_)
          throw failAt(
            'COLUMN_NOT_FOUND',
            node.at,
            `Column '${path.map((each) => each.text).join('.')}' cannot be resolved`,
          );
        return part_;
      },
      { type: field.type, sql: field.sql },
    );
  }
  if (node.kind === 'field' && !path) {
    const value = analyze(node.base, context);
    const part = rowField(value, node.field, node.at);
    if (part) return part;
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Expression ${printType(value.type)} is not of type ROW or has no field ${node.field.text}`,
    );
  }
  const name = (path ?? []).map((part) => part.text).join('.');
  const last = path?.at(-1)?.text ?? name;
  throw failAt('COLUMN_NOT_FOUND', node.at, `Column '${name}' cannot be resolved${suggest(context.scope, last)}`);
}

/** `AND` and `OR` chains come as deep left trees: they are emitted flat. */
function logical(node: Extract<Expression, { kind: 'and' | 'or' }>, context: ExpressionContext): Typed {
  const word = node.kind === 'and' ? 'AND' : 'OR';
  const parts: string[] = [];
  let left: Expression = node;
  while (left.kind === node.kind && !(left !== node && context.grouping?.findKey(left))) {
    parts.push(condition(left.right, context, 'Logical expression term').sql);
    left = left.left;
  }
  parts.push(condition(left, context, 'Logical expression term').sql);
  return { type: BOOLEAN, sql: `(${parts.reverse().join(` ${word} `)})` };
}

function cast(node: Extract<Expression, { kind: 'cast' }>, context: ExpressionContext): Typed {
  const type = castType(node);
  const value = castTo(analyze(node.operand, context), type, node.at);
  return node.try ? { type, sql: `TRY(${value.sql})` } : value;
}

/** Trino tells an unknown type where the cast begins, and as a mismatch. */
function castType(node: Extract<Expression, { kind: 'cast' }>): TrinoType {
  try {
    return resolveType(node.type);
  } catch (error) {
    if (!(error instanceof ErganeError) || error.code !== 'TYPE_NOT_FOUND') throw error;
    throw failAt('TYPE_MISMATCH', node.at, error.message.replace(/^line \d+:\d+: /, ''));
  }
}

/** The values in their common type. */
export function unify(values: readonly Typed[], fail: (types: readonly TrinoType[]) => Error): readonly Typed[] {
  const types = values.map((value) => value.type);
  const common = commonOf(types);
  if (!common) throw fail(types);
  return values.map((value) => coerceTo(value, common));
}

function caseOf(node: Extract<Expression, { kind: 'case' }>, context: ExpressionContext): Typed {
  const operand = node.operand && analyze(node.operand, context);
  const conditions = node.whens.map(({ when }) =>
    operand
      ? comparison('=', operand, analyze(when, context), when.at).sql
      : condition(when, context, 'CASE WHEN clause').sql,
  );
  const branches = [...node.whens.map(({ then }) => then), ...(node.otherwise ? [node.otherwise] : [])];
  const results = unify(
    branches.map((branch) => analyze(branch, context)),
    (types) => caseMismatch(types, branches, node.at),
  );
  const type = results[0]?.type ?? UNKNOWN;
  const whens = conditions.map((when, index) => `WHEN ${when} THEN ${results[index]?.sql ?? 'NULL'}`).join(' ');
  const otherwise = node.otherwise ? (results.at(-1)?.sql ?? 'NULL') : `CAST(NULL AS ${duckdbType(type)})`;
  return { type, sql: `(CASE ${whens} ELSE ${otherwise} END)` };
}

function caseMismatch(types: readonly TrinoType[], branches: readonly Expression[], at: Position): ErganeError {
  const index = types.findIndex((_type, end) => commonOf(types.slice(0, end + 1)) === undefined);
  const before = commonOf(types.slice(0, index)) ?? UNKNOWN;
  const names = [...new Set(types.map(printType))];
  return failAt(
    'TYPE_MISMATCH',
    branches[index]?.at ?? at,
    `All CASE results must be the same type or coercible to a common type. Cannot find common type between ${printType(before)} and ${printType(types[index] ?? UNKNOWN)}, all types (without duplicates): [${names.join(', ')}]`,
  );
}

function arrayConstructor(items: readonly Expression[], at: Position, context: ExpressionContext): Typed {
  const values = unify(
    items.map((item) => analyze(item, context)),
    () => failAt('TYPE_MISMATCH', at, 'All ARRAY elements must be the same type or coercible to a common type'),
  );
  const type = arrayOf(values[0]?.type ?? UNKNOWN);
  return { type, sql: `CAST([${values.map((value) => value.sql).join(', ')}] AS ${duckdbType(type)})` };
}

export function rowConstructor(values: readonly Typed[]): Typed {
  const type: TrinoType = { kind: 'row', fields: values.map((value) => ({ type: value.type })) };
  const fields = values.map((value, index) => `f${index} := ${value.sql}`).join(', ');
  return { type, sql: `struct_pack(${fields})` };
}
