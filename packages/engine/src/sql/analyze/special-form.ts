import type { Expression, FunctionCall } from '../parse/syntax-tree.ts';
import { commonOf, commonSuperType, isInteger } from '../types/coercion.ts';
import { VARCHAR, UNKNOWN, printType } from '../types/type-text.ts';
import { castSql, coerceTo } from '../casts/cast.ts';
import { equalSql } from '../emit/compare.ts';
import { decimalText } from '../emit/decimal.ts';
import { failAt, quoteText, type Typed } from '../emit/typed.ts';
import { duckdbType } from '../types/physical-type.ts';
import { analyze, condition, unify } from './expression.ts';
import type { ExpressionContext } from './context.ts';
import { joinText } from './arithmetic.ts';
import { analyzeFunction } from './call.ts';
import { extract } from './extract.ts';
import { CURRENT } from './current.ts';

type Form = (node: FunctionCall, context: ExpressionContext) => Typed;

function parts(node: FunctionCall, context: ExpressionContext, ...counts: readonly number[]): Typed[] {
  if (!counts.includes(node.arguments.length)) {
    throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, `Invalid number of arguments for '${node.name}' function`);
  }
  return node.arguments.map((each) => analyze(each, context));
}

const coalesce: Form = (node, context) => {
  if (node.arguments.length < 2) {
    throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, `The 'coalesce' function must have at least two arguments`);
  }
  const values = unify(
    node.arguments.map((each) => analyze(each, context)),
    () => failAt('TYPE_MISMATCH', node.at, 'All COALESCE operands must be the same type or coercible to a common type'),
  );
  return { type: values[0]?.type ?? UNKNOWN, sql: `coalesce(${values.map((value) => value.sql).join(', ')})` };
};

const nullif: Form = (node, context) => {
  const [a, b] = parts(node, context, 2);
  if (!a || !b) throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, 'nullif takes two arguments');
  const common = commonSuperType(a.type, b.type);
  if (!common)
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      `Types are not comparable with NULLIF: ${printType(a.type)} vs ${printType(b.type)}`,
    );
  if (a.type.kind === 'unknown') return a;
  const equal = equalSql(common, coerceTo(a, common).sql, coerceTo(b, common).sql);
  return { type: a.type, sql: `(CASE WHEN ${equal} THEN NULL ELSE ${a.sql} END)` };
};

const choose: Form = (node, context) => {
  const [test, ...branches] = node.arguments;
  if (!test || branches.length < 1 || branches.length > 2) {
    throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, `Invalid number of arguments for 'if' function`);
  }
  const when = condition(test, context, 'IF condition').sql;
  const values = branches.map((branch) => analyze(branch, context));
  const type = commonOf(values.map((value) => value.type));
  if (!type) {
    throw failAt(
      'TYPE_MISMATCH',
      node.at,
      'Result types for IF must be the same: ' + values.map((value) => printType(value.type)).join(' vs '),
    );
  }
  const [yes, no] = values.map((value) => coerceTo(value, type).sql);
  return {
    type,
    sql: `(CASE WHEN ${when} THEN ${yes ?? 'NULL'} ELSE ${no ?? `CAST(NULL AS ${duckdbType(type)})`} END)`,
  };
};

const attempt: Form = (node, context) => {
  const [value] = parts(node, context, 1);
  if (!value) throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, `The 'try' function must have exactly one argument`);
  return { type: value.type, sql: `TRY(${value.sql})` };
};

/** The argument is still evaluated: its errors are the statement's. */
const typeOf: Form = (node, context) => {
  const [value] = parts(node, context, 1);
  const name = quoteText(printType(value?.type ?? UNKNOWN));
  return { type: VARCHAR, sql: `(CASE WHEN ${value?.sql ?? 'NULL'} IS NULL THEN ${name} ELSE ${name} END)` };
};

/** Each argument goes to the formatter as text behind the letter of what it is in Java. */
const format: Form = (node, context) => {
  const [pattern, ...values] = node.arguments.map((each) => analyze(each, context));
  if (pattern?.type.kind === 'unknown') return { type: VARCHAR, sql: 'CAST(NULL AS VARCHAR)' };
  if (pattern?.type.kind !== 'varchar' || values.length === 0) {
    throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, 'format() takes a format and one argument or more');
  }
  const texts = values.map((value) => {
    const text = formatArgument(value);
    if (text === undefined)
      throw failAt('NOT_SUPPORTED', node.at, `format() of ${printType(value.type)} is not supported`);
    return text;
  });
  return { type: VARCHAR, sql: `ergane_format(${pattern.sql}, [${texts.join(', ')}])` };
};

function formatArgument({ type, sql }: Typed): string | undefined {
  if (type.kind === 'unknown') return 'CAST(NULL AS VARCHAR)';
  if (type.kind === 'boolean') return `'b' || CAST(${sql} AS VARCHAR)`;
  if (isInteger(type)) return `'i' || CAST(${sql} AS VARCHAR)`;
  if (type.kind === 'decimal') return `'d' || ${decimalText(type, sql)}`;
  if (type.kind === 'double') return `'f' || ergane_java_double(${sql})`;
  if (type.kind === 'real') return `'r' || ergane_java_real(${sql})`;
  if (type.kind === 'json') return `'s' || ${sql}`;
  const text = castSql(type, VARCHAR, sql);
  if (text === undefined) return undefined;
  if (type.kind === 'date') return `'t' || ${text}`;
  if (type.kind === 'time') return `'c' || ${text}`;
  if (type.kind === 'timestamp with time zone') {
    return `'z' || ergane_zoned_parts(CAST(${sql} AS HUGEINT), ${type.precision})`;
  }
  return type.kind === 'timestamp' ? `'t' || replace(${text}, ' ', 'T')` : `'s' || ${text}`;
}

export const lambdaBody = (node: Expression) => (node.kind === 'lambda' ? node : undefined);

/** concat: of two texts as `||`; of more only varchar, binaries or arrays. */
const concat: Form = (node, context) => {
  const values = node.arguments.map((each) => analyze(each, context));
  if (values.length < 2) {
    throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, 'There must be two or more concatenation arguments');
  }
  const [left, right, ...more] = values;
  const joined = left && right && more.length === 0 ? joinText(left, right) : undefined;
  if (joined) return joined;
  if (values.some((value) => value.type.kind === 'char')) {
    throw failAt(
      'FUNCTION_NOT_FOUND',
      node.at,
      `Unexpected parameters (${values.map((value) => printType(value.type)).join(', ')}) for function concat`,
    );
  }
  return analyzeFunction(node, context);
};

/** Forms with rules of their own, that look like functions. */
export const SPECIAL_FORMS: Readonly<Record<string, Form>> = {
  coalesce,
  concat: (node, context) => concat(node, context),
  nullif,
  if: choose,
  try: attempt,
  typeof: typeOf,
  format,
  $extract: extract,
  ...CURRENT,
};
