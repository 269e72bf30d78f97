import { ErganeError } from '@ergane/protocol';
import type { Expression, FunctionCall } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { castSql, coerceTo } from '../casts/cast.ts';
import { sameType } from '../types/coercion.ts';
import { UNKNOWN, BOOLEAN, printType } from '../types/type-text.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { instantiate, bind, type Bindings } from '../functions/bind.ts';
import { didYouMean } from '../did-you-mean.ts';
import { functionNames, resolveFunction, signaturesOf, type Resolved } from '../functions/resolve.ts';
import { isVariable, type Call, type Lambda, type TypePattern } from '../functions/signature.ts';
import { duckdbType } from '../types/physical-type.ts';
import { SPECIAL_FORMS } from './special-form.ts';
import { condition, analyze } from './expression.ts';
import { orderByText, overText } from './window.ts';
import { checkAggregate, inAggregate } from './aggregate-rules.ts';
import type { ExpressionContext } from './context.ts';

/** A function call: a special form, or a function found by its signature; arguments are cast to the signature's types. */
export function analyzeCall(node: FunctionCall, context: ExpressionContext): Typed {
  const form = SPECIAL_FORMS[node.name];
  return form ? form(node, context) : analyzeFunction(node, context);
}

/** A call of a function that signatures describe. */
export function analyzeFunction(node: FunctionCall, context: ExpressionContext): Typed {
  const signatures = signaturesOf(node.name);
  if (signatures.length === 0) {
    const near = didYouMean(node.name, functionNames());
    throw failAt('FUNCTION_NOT_FOUND', node.at, `Function '${node.name}' not registered${near}`);
  }
  const isAggregate = signatures[0]?.kind === 'aggregate';
  if (node.over) return emitCall(node, context);
  if (signatures[0]?.kind === 'window') {
    throw failAt('MISSING_OVER', node.at, `Window function system.builtin.${node.name} requires an OVER clause`);
  }
  if (!isAggregate) {
    if (node.distinct || node.filter || (node.orderBy?.length ?? 0) > 0) {
      throw failAt(
        'FUNCTION_NOT_AGGREGATE',
        node.at,
        `DISTINCT, ORDER BY and FILTER need an aggregate, not ${node.name}`,
      );
    }
    return emitCall(node, context);
  }
  const grouping = checkAggregate(node, context);
  return grouping.addAggregate(emitCall(node, inAggregate(grouping.source), grouping.markAggregate));
}

interface Argument {
  readonly node: Expression;
  readonly value?: Typed;
}

function emitCall(node: FunctionCall, context: ExpressionContext, mark = (sql: string) => sql): Typed {
  const inner: ExpressionContext = node.over ? { ...context, noWindows: 'a window' } : context;
  const parameters = node.star ? [] : node.arguments;
  const analyzed = parameters.map<Argument>((each) =>
    each.kind === 'lambda' ? { node: each } : { node: each, value: analyze(each, inner) },
  );
  const resolved = resolve(node, analyzed);
  const lambdas = analyzeLambdas(analyzed, resolved, inner);
  const types = resolved.patterns.map((pattern) => instantiate(pattern, resolved.bindings));
  const args = analyzed.map(({ value }, index) => {
    if (!value) return lambdas[index]?.sql ?? '';
    const type = types[index];
    return type ? coerceTo(value, type).sql : value.sql;
  });
  const { signature, bindings } = resolved;
  const result = signature.returns?.(types) ?? instantiate(signature.result, bindings);
  const call: Call = {
    args,
    types,
    result,
    texts: analyzed.map(({ value }) => (value?.literal && 'text' in value.literal ? value.literal.text : undefined)),
    lambdas,
    aggregate: aggregateText(node, inner, mark),
  };
  try {
    return { type: result, sql: emit(resolved, call) };
  } catch (error) {
    throw located(error, node);
  }
}

function resolve(node: FunctionCall, parameters: readonly Argument[]): Resolved {
  try {
    return resolveFunction(
      node.name,
      parameters.map(({ node: each, value }) =>
        each.kind === 'lambda' ? { kind: 'lambda', arity: each.parameters.length } : (value?.type ?? UNKNOWN),
      ),
    );
  } catch (error) {
    throw located(error, node);
  }
}

/** Gives an error of resolution or emission the call's position. */
function located(error: unknown, node: FunctionCall): unknown {
  if (!(error instanceof ErganeError) || error.where.line !== undefined) return error;
  return failAt(error.code, node.at, error.message);
}

function emit({ signature }: Resolved, call: Call): string {
  if (typeof signature.emit === 'function') return signature.emit(call);
  return signature.emit
    .replaceAll('$*', () => call.args.join(', '))
    .replaceAll(/\$(\d)/g, (_match, digit: string) => call.args[Number(digit) - 1] ?? '');
}

/**
 * Analyses the lambdas once the types of their parameters are known from the other arguments. A result can widen a type that
 * parameters have (the state of `reduce`): then all are analysed again.
 */
function analyzeLambdas(
  parameters: readonly Argument[],
  resolved: Resolved,
  context: ExpressionContext,
): (Lambda | undefined)[] {
  if (!parameters.some(({ node }) => node.kind === 'lambda')) return [];
  const known = () => [...resolved.bindings.types.values()].map(printType).join();
  for (;;) {
    const before = known();
    const lambdas = parameters.map(({ node }, index) =>
      node.kind === 'lambda' ? analyzeLambda(node, index, resolved, context) : undefined,
    );
    if (known() === before || lambdas.length === 0) return lambdas;
  }
}

function analyzeLambda(
  node: Extract<Expression, { kind: 'lambda' }>,
  index: number,
  { patterns, bindings }: Resolved,
  context: ExpressionContext,
): Lambda {
  const pattern = patterns[index];
  const parts = pattern?.parameters.filter((part) => typeof part === 'object') ?? [];
  const result = parts.at(-1);
  const parameter = context.statement.freshName('l');
  const fields = node.parameters.map((name, position) => {
    const part = parts[position];
    const type = part ? instantiate(part, bindings) : UNKNOWN;
    const sql = node.parameters.length === 1 ? parameter : `(${parameter}).f${position}`;
    return { name, type, sql, qualifier: [] };
  });
  if (hasSubquery(node.body)) throw failAt('NOT_SUPPORTED', node.at, 'Lambda expression cannot contain subqueries');
  const body = analyze(node.body, { ...context, scope: { fields, parent: context.scope } });
  const type = result ? lambdaResult(result, body, bindings, node) : body.type;
  const text = sameType(type, body.type) ? body.sql : (castSql(body.type, type, body.sql) ?? body.sql);
  return { parameter, body: text, sql: `lambda ${parameter}: ${text}`, result: type };
}

function hasSubquery(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if ('query' in node) return true;
  return Object.values(node).some(hasSubquery);
}

/** A lambda's result must have the type itself; only NULL and texts of other lengths are taken for it. */
function lambdaResult(
  pattern: TypePattern,
  body: Typed,
  bindings: Bindings,
  node: Extract<Expression, { kind: 'lambda' }>,
): TrinoType {
  // NULL is taken for a type that the lambda alone decides, but not for one that is known
  const isOpen = isVariable(pattern) && (bindings.types.get(pattern.name) ?? UNKNOWN).kind === 'unknown';
  const fits = bind(pattern, body.type, bindings, true);
  const type = instantiate(pattern, bindings);
  const isSame = body.type.kind === type.kind || (body.type.kind === 'unknown' && isOpen);
  if (fits && isSame) return type;
  throw failAt(
    'FUNCTION_NOT_FOUND',
    node.body.at,
    `Unexpected parameters: the lambda gives ${printType(body.type)} where ${printType(type)} is needed`,
  );
}

/** Writes an aggregate of DuckDB with the call's DISTINCT, ORDER BY, FILTER, null treatment and OVER. */
function aggregateText(
  node: FunctionCall,
  context: ExpressionContext,
  mark: (sql: string) => string,
): Call['aggregate'] {
  return (name, ...args) => {
    const distinct = node.distinct && !args[0]?.startsWith('DISTINCT ') ? 'DISTINCT ' : '';
    const order = node.orderBy && node.orderBy.length > 0 ? ` ORDER BY ${orderByText(node.orderBy, context)}` : '';
    const nulls = node.nulls === 'ignore' ? ' IGNORE NULLS' : '';
    const filter = node.filter ? ` FILTER (WHERE ${condition(node.filter, context, 'FILTER').sql})` : '';
    const over = node.over ? ` OVER ${overText(node.over, context)}` : '';
    return mark(`${name}(${distinct}${args.join(', ')}${order}${nulls})${filter}${over}`);
  };
}

export const falseValue: Typed = { type: BOOLEAN, sql: 'false' };
export const typedNull = (type: TrinoType): Typed => ({ type, sql: `CAST(NULL AS ${duckdbType(type)})` });
