import type { JsonBehavior, JsonCall, JsonInput } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { isNumeric } from '../types/coercion.ts';
import { duckdbType } from '../types/physical-type.ts';
import { BOOLEAN, VARCHAR, printType, resolveType } from '../types/type-text.ts';
import { castSql, castTo, coerceTo } from '../casts/cast.ts';
import { castFromJson, castToJson } from '../casts/json.ts';
import { failAt, failSql, quoteText, type Typed } from '../emit/typed.ts';
import { parseJsonPath } from '../runtime/json-path-parse.ts';
import { analyze } from './expression.ts';
import type { ExpressionContext } from './context.ts';

/** The SQL standard's JSON functions. */
export function analyzeJson(node: JsonCall, context: ExpressionContext): Typed {
  switch (node.function) {
    case 'json_exists': {
      const onError = quoteText(node.onError?.kind ?? 'false');
      return { type: BOOLEAN, sql: `ergane_sql_json_exists(${pathArguments(node, context)}, ${onError})` };
    }
    case 'json_value':
      return jsonValue(node, context);
    case 'json_query': {
      if (node.quotes && node.wrapper && node.wrapper !== 'without') {
        throw failAt(
          'INVALID_FUNCTION_ARGUMENT',
          node.at,
          'QUOTES behavior specified with WITH ARRAY WRAPPER behavior',
        );
      }
      const options = [
        node.wrapper ?? 'without',
        node.quotes ?? 'keep',
        node.onEmpty?.kind ?? 'null',
        node.onError?.kind ?? 'null',
      ];
      const sql = `ergane_sql_json_query(${pathArguments(node, context)}, [${options.map(quoteText).join(', ')}])`;
      return returned({ type: VARCHAR, sql }, node);
    }
    case 'json_object':
      return jsonObject(node, context);
    case 'json_array':
      return jsonArray(node, context);
  }
}

function returned(value: Typed, node: JsonCall): Typed {
  if (!node.returning) return value;
  const type = resolveType(node.returning);
  if (type.kind === 'varbinary') return { type, sql: `encode(${value.sql})` };
  return castTo(value, type, node.at);
}

/** Input, path and the passed values. */
export function pathArguments(node: JsonCall, context: ExpressionContext): string {
  if (!node.input || node.path === undefined)
    throw failAt('SYNTAX_ERROR', node.at, `${node.function} needs an input and a path`);
  try {
    parseJsonPath(node.path);
  } catch (error) {
    throw failAt('SYNTAX_ERROR', node.at, error instanceof Error ? error.message : 'bad JSON path');
  }
  const names = node.passing.map((each) => quoteText(each.name)).join(', ');
  const values = node.passing.map((each) => jsonText(each.value, context)).join(', ');
  const list = (items: string) => (items === '' ? 'CAST([] AS VARCHAR[])' : `[${items}]`);
  return `${inputText(node.input, context)}, ${quoteText(node.path)}, ${list(names)}, ${list(values)}`;
}

/** The input document: text is read as JSON. */
function inputText(input: JsonInput, context: ExpressionContext): string {
  const value = analyze(input.expression, context);
  const { kind } = value.type;
  const isEncoded = input.format?.includes('utf') ?? false;
  if (kind === 'varbinary') return `decode(${value.sql})`;
  if (kind === 'json' || kind === 'unknown') return `CAST(${value.sql} AS VARCHAR)`;
  if ((kind !== 'varchar' && kind !== 'char') || isEncoded) {
    throw failAt(
      'TYPE_MISMATCH',
      input.expression.at,
      `Cannot read input of type ${printType(value.type)} as JSON using formatting ${input.format?.toUpperCase() ?? 'JSON'}`,
    );
  }
  return coerceTo(value, VARCHAR).sql;
}

/** A value as JSON text: of a type that has a JSON form, or text that is JSON already (FORMAT JSON, or made by a JSON function). */
function jsonText(input: JsonInput, context: ExpressionContext): string {
  const value = analyze(input.expression, context);
  const isJson = input.format !== undefined || input.expression.kind === 'json';
  if (isJson && value.type.kind === 'varchar') return `ergane_checked_json(${value.sql})`;
  const isPlain = value.type.kind === 'boolean' || value.type.kind === 'unknown' || isNumeric(value.type);
  const text = isPlain ? castToJson(value.type, value.sql) : asText(value);
  if (text === undefined || NESTED.has(value.type.kind)) {
    throw failAt(
      'NOT_SUPPORTED',
      input.expression.at,
      `Unsupported type of value passed to a JSON function: ${printType(value.type)}`,
    );
  }
  return text;
}

const NESTED: ReadonlySet<TrinoType['kind']> = new Set(['array', 'map', 'row', 'varbinary']);

function asText(value: Typed): string | undefined {
  const text = castSql(value.type, VARCHAR, value.sql);
  return text && `ergane_json_quote(${text})`;
}

function jsonValue(node: JsonCall, context: ExpressionContext): Typed {
  const type = node.returning ? resolveType(node.returning) : VARCHAR;
  const behaviors = `${quoteText(behaviorWord(node.onEmpty))}, ${quoteText(behaviorWord(node.onError))}`;
  const call = `ergane_sql_json_value(${pathArguments(node, context)}, ${behaviors})`;
  // a number or a boolean is cast as such, what JSON has no type for is read from a string
  const cast = castFromJson(type, `${call}[2]`) ?? castSql(VARCHAR, type, `ergane_json_to_varchar(${call}[2])`);
  if (cast === undefined) throw failAt('TYPE_MISMATCH', node.at, `JSON_VALUE cannot return ${printType(type)}`);
  const onEmpty = fallback(node.onEmpty, type, context);
  const onError = fallback(node.onError, type, context);
  if (type.kind === 'varchar' && type.length !== undefined) {
    const text = `ergane_json_to_varchar(${call}[2])`;
    const tooLong = `Cannot cast value to ${printType(type)}`;
    const long = node.onError?.kind === 'error' ? failSql('JSON_VALUE_RESULT_ERROR', tooLong, 'VARCHAR') : onError;
    return {
      type,
      sql: `(CASE ${call}[1] WHEN 'value' THEN CASE WHEN length(${text}) > ${type.length} THEN ${long} ELSE ${text} END WHEN 'empty' THEN ${onEmpty} ELSE ${onError} END)`,
    };
  }
  if (type.kind === 'varchar')
    return {
      type,
      sql: `(CASE ${call}[1] WHEN 'value' THEN ${cast} WHEN 'empty' THEN ${onEmpty} ELSE ${onError} END)`,
    };
  const value =
    node.onError?.kind === 'error'
      ? cast
      : `(CASE WHEN ${call}[2] IS NULL THEN NULL ELSE coalesce(TRY(${cast}), ${onError}) END)`;
  return { type, sql: `(CASE ${call}[1] WHEN 'value' THEN ${value} WHEN 'empty' THEN ${onEmpty} ELSE ${onError} END)` };
}

const behaviorWord = (behavior: JsonBehavior | undefined) => behavior?.kind ?? 'null';

function fallback(behavior: JsonBehavior | undefined, type: TrinoType, context: ExpressionContext): string {
  if (behavior?.kind === 'default' && behavior.value) return coerceTo(analyze(behavior.value, context), type).sql;
  return `CAST(NULL AS ${duckdbType(type)})`;
}

function jsonObject(node: JsonCall, context: ExpressionContext): Typed {
  if (node.uniqueKeys && node.members.some(({ value }) => value.format !== undefined))
    throw failAt(
      'NOT_SUPPORTED',
      node.at,
      'WITH UNIQUE KEYS behavior is not supported for JSON_OBJECT with FORMAT JSON',
    );
  const keys = node.members.map(({ key }) => {
    const value = key && analyze(key, context);
    if (value?.type.kind !== 'varchar' && value?.type.kind !== 'char')
      throw failAt('TYPE_MISMATCH', node.at, 'a key of JSON_OBJECT must be a character string');
    return coerceTo(value, VARCHAR).sql;
  });
  if (keys.length === 0) return returned({ type: VARCHAR, sql: `'{}'` }, node);
  const values = node.members.map(({ value }) => jsonText(value, context));
  const present = node.nullOnNull === false ? values : values.map((value) => `coalesce(${value}, 'null')`);
  const sql = `ergane_json_hashed_object([${keys.join(', ')}], [${present.join(', ')}])`;
  return returned({ type: VARCHAR, sql }, node);
}

function jsonArray(node: JsonCall, context: ExpressionContext): Typed {
  if (node.members.length === 0) return returned({ type: VARCHAR, sql: `'[]'` }, node);
  const items = `[${node.members.map(({ value }) => jsonText(value, context)).join(', ')}]`;
  const kept = node.nullOnNull ? items : `list_filter(${items}, lambda x: x IS NOT NULL)`;
  return returned({ type: VARCHAR, sql: `ergane_json_array(${kept})` }, node);
}
