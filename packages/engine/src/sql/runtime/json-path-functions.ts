import { functionError } from './errors.ts';
import { jsNullFunction, type JsFunction } from './js-function.ts';
import { NULL_TREE, parseJson, printJson, type JsonTree } from './json-tree.ts';
import { PathError, evaluatePath } from './json-path-evaluate.ts';
import { parseJsonPath, type JsonPath } from './json-path-parse.ts';

const paths = new Map<string, JsonPath>();

function pathOf(text: string): JsonPath {
  let path = paths.get(text);
  if (!path) paths.set(text, (path = parseJsonPath(text)));
  return path;
}

type Names = readonly (string | null)[] | null;

/** The items found, or why none could be: the input is no JSON, or the path does not fit it. */
function follow(input: string, path: string, names: Names, values: Names): readonly JsonTree[] | Error {
  const root = parseJson(input);
  if (!root) return functionError('JSON_INPUT_CONVERSION_ERROR', 'conversion to JSON failed: the input is not JSON');
  const variables = new Map<string, JsonTree>();
  for (const [index, name] of (names ?? []).entries()) {
    const text = values?.[index];
    const value = text === null || text === undefined ? NULL_TREE : parseJson(text);
    if (!value) return functionError('JSON_INPUT_CONVERSION_ERROR', `conversion to JSON failed: ${name} is not JSON`);
    variables.set(name ?? '', value);
  }
  try {
    return evaluatePath(pathOf(path), root, variables);
  } catch (error) {
    if (error instanceof PathError)
      return functionError('PATH_EVALUATION_ERROR', `path evaluation failed: ${error.message}`);
    throw error;
  }
}

function exists(
  input: string | null,
  path: string | null,
  names: Names,
  values: Names,
  onError: string | null,
): boolean | null {
  if (input === null || path === null) return null;
  const items = follow(input, path, names, values);
  if (!(items instanceof Error)) return items.length > 0;
  if (onError === 'error') throw items;
  return onError === 'true' ? true : onError === 'unknown' ? null : false;
}

/** `['value', text]`, `['empty']` or `['error']`: the caller's behaviour decides about the latter two. */
function value(
  input: string | null,
  path: string | null,
  names: Names,
  values: Names,
  onEmpty: string | null,
  onError: string | null,
) {
  if (input === null || path === null) return ['value', null];
  const items = follow(input, path, names, values);
  if (items instanceof Error) {
    if (onError === 'error') throw items;
    return ['error', null];
  }
  const [item] = items;
  if (!item) {
    if (onEmpty === 'error')
      throw functionError('JSON_VALUE_RESULT_ERROR', 'cannot extract SQL scalar from JSON: JSON path found no items');
    return ['empty', null];
  }
  if (items.length > 1 || item.kind === 'array' || item.kind === 'object') {
    if (onError === 'error')
      throw functionError(
        'JSON_VALUE_RESULT_ERROR',
        'cannot extract SQL scalar from JSON: JSON path found multiple or nested items',
      );
    return ['error', null];
  }
  if (item.kind === 'null') return ['value', null];
  return ['value', item.kind === 'boolean' ? String(item.value) : item.text];
}

function fallback(behavior: string | null, error: Error): string | null {
  if (behavior === 'error') throw error;
  return behavior === 'empty array' ? '[]' : behavior === 'empty object' ? '{}' : null;
}

/** `options`: wrapper, quotes, behaviour on empty, behaviour on error. */
function query(input: string | null, path: string | null, names: Names, values: Names, options: Names): string | null {
  if (input === null || path === null) return null;
  const [wrapper = null, quotes = null, onEmpty = null, onError = null] = options ?? [];
  const items = follow(input, path, names, values);
  if (items instanceof Error) return fallback(onError, items);
  const [item] = items;
  if (!item)
    return fallback(onEmpty, functionError('JSON_VALUE_RESULT_ERROR', 'cannot extract JSON: JSON path found no items'));
  const isSingle = items.length === 1;
  const isNested = item.kind === 'array' || item.kind === 'object';
  if (wrapper === 'unconditional' || (wrapper === 'conditional' && !(isSingle && isNested))) {
    return printJson({ kind: 'array', items });
  }
  if (!isSingle)
    return fallback(
      onError,
      functionError('JSON_VALUE_RESULT_ERROR', 'cannot extract JSON: JSON path found multiple items'),
    );
  return quotes === 'omit' && item.kind === 'string' ? item.text : printJson(item);
}

/** A value given as JSON text (FORMAT JSON): checked. */
function checked(text: string | null): string | null {
  if (text === null) return null;
  const tree = parseJson(text);
  if (!tree) throw functionError('JSON_INPUT_CONVERSION_ERROR', 'conversion to JSON failed');
  return printJson(tree);
}

/** JSON_EXISTS, JSON_VALUE and JSON_QUERY. */
export const JSON_PATH_FUNCTIONS: readonly JsFunction[] = [
  jsNullFunction('sql_json_exists', ['VARCHAR', 'VARCHAR', 'VARCHAR[]', 'VARCHAR[]', 'VARCHAR'], 'BOOLEAN', exists),
  jsNullFunction(
    'sql_json_value',
    ['VARCHAR', 'VARCHAR', 'VARCHAR[]', 'VARCHAR[]', 'VARCHAR', 'VARCHAR'],
    'VARCHAR[]',
    value,
  ),
  jsNullFunction('sql_json_query', ['VARCHAR', 'VARCHAR', 'VARCHAR[]', 'VARCHAR[]', 'VARCHAR[]'], 'VARCHAR', query),
  jsNullFunction('checked_json', ['VARCHAR'], 'VARCHAR', checked),
];
