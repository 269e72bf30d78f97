import { functionError } from './errors.ts';
import { jsNullFunction, type JsFunction } from './js-function.ts';
import { NULL_TREE, normalized, parseJson, printJson, quoteJson, type JsonTree } from './json-tree.ts';
import { evaluatePath } from './json-path-evaluate.ts';
import { PathError } from './json-path-items.ts';
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
  const tree = parseJson(input);
  if (!tree) return functionError('JSON_INPUT_CONVERSION_ERROR', 'conversion to JSON failed: the input is not JSON');
  const root = normalized(tree);
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

/** A decimal goes as text: as a JSON number it would be read as a double. */
const decimalItem = (text: string): JsonTree =>
  text.includes('.') ? { kind: 'string', text } : { kind: 'number', text };

/** `['value', text]`, the text being JSON,, `['empty']` or `['error']`: the caller's behaviour decides about the latter two. */
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
  return [
    'value',
    item.kind === 'null' ? null : printJson(item.kind === 'number' && item.exact ? decimalItem(item.text) : item),
  ];
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
  return printJson(normalized(tree));
}

/** The members of JSON_OBJECT: a name must not be NULL nor come twice; they stand in the order of Java's hash map, as in Trino. */
function hashedObject(names: readonly (string | null)[] | null, values: readonly (string | null)[] | null): string {
  const members = new Map<string, string>();
  for (const [index, name] of (names ?? []).entries()) {
    if (name === null)
      throw functionError('INVALID_FUNCTION_ARGUMENT', 'null value passed for JSON object key to JSON_OBJECT function');
    const value = values?.[index];
    if (value === null || value === undefined) continue;
    if (members.has(name)) throw functionError('NOT_SUPPORTED', 'cannot construct a JSON object with duplicate key');
    members.set(name, value);
  }
  let buckets = 16;
  while (members.size > buckets * 0.75) buckets *= 2;
  const place = (name: string) => {
    let hash = 0;
    for (let index = 0; index < name.length; index++) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0;
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  const ordered = [...members].sort(([a], [b]) => place(a) - place(b));
  return `{${ordered.map(([name, value]) => `${quoteJson(name)}:${value}`).join(',')}}`;
}

/** The items that JSON_TABLE makes rows of, each as JSON text. */
function items(input: string | null, path: string | null, names: Names, values: Names, onError: string | null) {
  if (input === null || path === null) return [];
  const found = follow(input, path, names, values);
  if (!(found instanceof Error)) return found.map(printJson);
  if (onError === 'error') throw found;
  return [];
}

/** JSON_EXISTS, JSON_VALUE, JSON_QUERY and JSON_TABLE. */
export const JSON_PATH_FUNCTIONS: readonly JsFunction[] = [
  jsNullFunction('sql_json_exists', ['VARCHAR', 'VARCHAR', 'VARCHAR[]', 'VARCHAR[]', 'VARCHAR'], 'BOOLEAN', exists),
  jsNullFunction(
    'sql_json_value',
    ['VARCHAR', 'VARCHAR', 'VARCHAR[]', 'VARCHAR[]', 'VARCHAR', 'VARCHAR'],
    'VARCHAR[]',
    value,
  ),
  jsNullFunction('sql_json_query', ['VARCHAR', 'VARCHAR', 'VARCHAR[]', 'VARCHAR[]', 'VARCHAR[]'], 'VARCHAR', query),
  jsNullFunction('json_hashed_object', ['VARCHAR[]', 'VARCHAR[]'], 'VARCHAR', hashedObject),
  jsNullFunction('sql_json_items', ['VARCHAR', 'VARCHAR', 'VARCHAR[]', 'VARCHAR[]', 'VARCHAR'], 'VARCHAR[]', items),
  jsNullFunction('checked_json', ['VARCHAR'], 'VARCHAR', checked),
];
