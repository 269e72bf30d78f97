import { functionError } from './errors.ts';
import { textToDecimal, textToDouble } from './cast-functions.ts';
import { jsFunction, jsNullFunction, type JsFunction } from './js-function.ts';
import {
  canonical,
  canonicalNumber,
  isComplete,
  parseJson,
  parseSome,
  printJson,
  quoteJson,
  type JsonTree,
} from './json-tree.ts';
import { castDouble, printDouble, printReal } from './number-text.ts';

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);
const badCast = (message: string) => functionError('INVALID_CAST_ARGUMENT', message);

function parsed(text: string): JsonTree {
  const tree = parseJson(text);
  if (!tree) throw invalid(`Cannot convert value to JSON: '${text}'`);
  return tree;
}

const paths = new Map<string, readonly string[]>();

/** `$.store.book[0]["t"]`: the only form json_extract knows. */
function parsePath(path: string): readonly string[] {
  const known = paths.get(path);
  if (known) return known;
  const wrong = () => invalid(`Invalid JSON path: '${path}'`);
  if (!path.startsWith('$')) throw wrong();
  const steps: string[] = [];
  let rest = path.slice(1);
  while (rest !== '') {
    const match =
      /^\.([\p{L}\p{N}_:]+)/u.exec(rest) ??
      /^\[([\p{L}\p{N}_]+)\]/u.exec(rest) ??
      /^\["((?:[^"\\]|\\["\\])*)"\]/.exec(rest);
    const step = match?.[1];
    if (!match || step === undefined) throw wrong();
    steps.push(step.replaceAll(/\\(.)/g, '$1'));
    rest = rest.slice(match[0].length);
  }
  if (paths.size > 1000) paths.clear();
  paths.set(path, steps);
  return steps;
}

/** What a path leads to. The text is read from its begin: what follows the value found need not be JSON. */
function find(text: string, path: string): JsonTree | undefined {
  const steps = parsePath(path);
  const found = steps.reduce<JsonTree | undefined>((node, step) => {
    if (node?.kind === 'object') return node.members.find(([name]) => name === step)?.[1];
    return node?.kind === 'array' && /^\d+$/.test(step) ? node.items[Number(step)] : undefined;
  }, parseSome(text));
  return found && isComplete(found) ? found : undefined;
}

/** Numbers as they print; members as they came. */
function copied(tree: JsonTree): JsonTree {
  if (tree.kind === 'number') return { kind: 'number', text: canonicalNumber(tree.text) };
  if (tree.kind === 'array') return { kind: 'array', items: tree.items.map(copied) };
  if (tree.kind !== 'object') return tree;
  return { kind: 'object', members: tree.members.map(([name, value]) => [name, copied(value)] as const) };
}

function scalarText(tree: JsonTree | undefined): string | null {
  if (!tree || tree.kind === 'null' || tree.kind === 'array' || tree.kind === 'object') return null;
  return tree.kind === 'boolean' ? String(tree.value) : tree.text;
}

function someItems(text: string) {
  const tree = parseSome(text);
  return tree?.kind === 'array' ? tree : undefined;
}

function arrayGet(text: string, index: bigint): string | null {
  const array = someItems(text);
  if (!array || (index < 0n && array.open)) return null;
  const item = array.items.at(Number(index));
  if (!item || index >= BigInt(array.items.length) || item.kind === 'null' || !isComplete(item)) return null;
  return item.kind === 'array' || item.kind === 'object' ? printJson(copied(item)) : scalarText(item);
}

/** Trino stops at the first hit: what comes after it is not looked at. */
function containsItem(text: string, test: (item: JsonTree) => boolean): boolean | null {
  const array = someItems(text);
  if (!array) return null;
  return array.items.some((item) => isComplete(item) && test(item)) ? true : array.open ? null : false;
}

function size(text: string, path: string): bigint | null {
  const found = find(text, path);
  if (!found) return null;
  if (found.kind === 'array') return BigInt(found.items.length);
  return found.kind === 'object' ? BigInt(found.members.length) : 0n;
}

const expected = (tree: JsonTree) => (tree.kind === 'object' ? '{' : tree.kind === 'array' ? '[' : printJson(tree));

function elements(text: string, type: string): string[] | null {
  const tree = parsed(text);
  if (tree.kind === 'null') return null;
  if (tree.kind !== 'array') throw badCast(`Cannot cast to ${type}. Expected a json array, but got ${expected(tree)}`);
  return tree.items.map(printJson);
}

function entries(text: string, type: string, keys: boolean): string[] | null {
  const tree = parsed(text);
  if (tree.kind === 'null') return null;
  if (tree.kind !== 'object')
    throw badCast(`Cannot cast to ${type}. Expected a json object, but got ${expected(tree)}`);
  return [...new Map(tree.members)].map(([name, value]) => (keys ? name : printJson(value)));
}

/** The parts of a row: by position from an array, by name (in any case) from an object; a missing one is JSON null. */
function fields(text: string, names: readonly (string | null)[], type: string): string[] | null {
  const tree = parsed(text);
  if (tree.kind === 'null') return null;
  if (tree.kind === 'array') {
    if (tree.items.length !== names.length)
      throw badCast(`Cannot cast to ${type}. Expected an array of ${names.length} elements`);
    return tree.items.map(printJson);
  }
  if (tree.kind !== 'object')
    throw badCast(`Cannot cast to ${type}. Expected a json array or object, but got ${expected(tree)}`);
  const members = new Map(tree.members.map(([name, value]) => [name.toLowerCase(), value]));
  return names.map((name) => {
    const value = name === null ? undefined : members.get(name.toLowerCase());
    return value ? printJson(value) : 'null';
  });
}

const round = (value: number) => Math.sign(value) * Math.floor(Math.abs(value) + 0.5);
const RANGES: Readonly<Record<string, bigint>> = { tinyint: 7n, smallint: 15n, integer: 31n, bigint: 63n };

function toInteger(text: string, kind: string): bigint | null {
  const tree = parsed(text);
  const wrong = () => badCast(`Cannot cast '${scalarText(tree) ?? printJson(tree)}' to ${kind}`);
  const bits = RANGES[kind] ?? 63n;
  const check = (value: bigint) => {
    if (value < -(1n << bits) || value >= 1n << bits) throw wrong();
    return value;
  };
  if (tree.kind === 'null') return null;
  if (tree.kind === 'boolean') return tree.value ? 1n : 0n;
  if (tree.kind === 'string') {
    if (!/^[+-]?\d+$/.test(tree.text.trim())) throw wrong();
    return check(BigInt(tree.text.trim().replace(/^\+/, '')));
  }
  if (tree.kind !== 'number') throw wrong();
  if (/^-?\d+$/.test(tree.text)) return check(BigInt(tree.text));
  const value = round(Number(tree.text));
  if (!Number.isFinite(value)) throw wrong();
  return check(BigInt(value));
}

function toDouble(text: string): number | null {
  const tree = parsed(text);
  if (tree.kind === 'null') return null;
  if (tree.kind === 'boolean') return tree.value ? 1 : 0;
  if (tree.kind === 'number') return Number(tree.text);
  if (tree.kind === 'string') return textToDouble(tree.text, 'DOUBLE');
  throw badCast(`Cannot cast '${printJson(tree)}' to DOUBLE`);
}

function toDecimal(text: string, precision: number, scale: number): string | null {
  const tree = parsed(text);
  if (tree.kind === 'null') return null;
  if (tree.kind === 'boolean') return textToDecimal(tree.value ? '1' : '0', precision, scale);
  if (tree.kind === 'number' || tree.kind === 'string') return textToDecimal(tree.text, precision, scale);
  throw badCast(`Cannot cast '${printJson(tree)}' to DECIMAL(${precision},${scale})`);
}

function toBoolean(text: string): boolean | null {
  const tree = parsed(text);
  if (tree.kind === 'null') return null;
  if (tree.kind === 'boolean') return tree.value;
  if (tree.kind === 'number') return Number(tree.text) !== 0;
  if (tree.kind === 'string' && /^(?:true|t|1)$/i.test(tree.text)) return true;
  if (tree.kind === 'string' && /^(?:false|f|0)$/i.test(tree.text)) return false;
  throw badCast(`Cannot cast '${scalarText(tree) ?? printJson(tree)}' to BOOLEAN`);
}

function toText(text: string): string | null {
  const tree = parsed(text);
  if (tree.kind === 'null') return null;
  if (tree.kind === 'array' || tree.kind === 'object') throw badCast(`Cannot cast '${text}' to varchar`);
  if (tree.kind === 'number' && !/^-?\d+$/.test(tree.text)) return castDouble(Number(tree.text));
  return scalarText(tree);
}

const jsonNumber = (value: number) => (Number.isFinite(value) ? printDouble(value) : `"${printDouble(value)}"`);

function object(names: readonly (string | null)[], values: readonly (string | null)[], sorted: boolean): string {
  const members = names.map((name, index) => [name ?? '', values[index] ?? 'null'] as const);
  const ordered = sorted ? members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : members;
  return `{${ordered.map(([name, value]) => `${quoteJson(name)}:${value}`).join(',')}}`;
}

/** JSON functions and the casts from and to json. */
export const JSON_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('json_parse', ['VARCHAR'], 'VARCHAR', (text) => printJson(canonical(parsed(text)))),
  jsFunction('json_extract', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, path) => {
    const found = find(text, path);
    return found ? printJson(copied(found)) : null;
  }),
  jsFunction('json_extract_scalar', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, path) => scalarText(find(text, path))),
  jsFunction('json_size', ['VARCHAR', 'VARCHAR'], 'BIGINT', size),
  jsFunction('json_array_length', ['VARCHAR'], 'BIGINT', (text) => {
    const array = someItems(text);
    return array && isComplete(array) ? BigInt(array.items.length) : null;
  }),
  jsFunction('json_array_get', ['VARCHAR', 'BIGINT'], 'VARCHAR', arrayGet),
  jsFunction('json_array_has_boolean', ['VARCHAR', 'BOOLEAN'], 'BOOLEAN', (text, value) =>
    containsItem(text, (item) => item.kind === 'boolean' && item.value === value),
  ),
  jsFunction('json_array_has_bigint', ['VARCHAR', 'BIGINT'], 'BOOLEAN', (text, value) =>
    containsItem(text, (item) => item.kind === 'number' && /^-?\d+$/.test(item.text) && BigInt(item.text) === value),
  ),
  jsFunction('json_array_has_double', ['VARCHAR', 'DOUBLE'], 'BOOLEAN', (text, value) =>
    containsItem(text, (item) => item.kind === 'number' && !/^-?\d+$/.test(item.text) && Number(item.text) === value),
  ),
  jsFunction('json_array_has_varchar', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', (text, value) =>
    containsItem(text, (item) => item.kind === 'string' && item.text === value),
  ),
  jsFunction('is_json_scalar', ['VARCHAR'], 'BOOLEAN', (text) => {
    const tree = parseJson(text);
    if (!tree) throw invalid(`Invalid JSON value: ${text}`);
    return tree.kind !== 'array' && tree.kind !== 'object';
  }),
  jsFunction('json_elements', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', elements),
  jsFunction('json_entries', ['VARCHAR', 'VARCHAR', 'BOOLEAN'], 'VARCHAR[]', entries),
  jsFunction('json_fields', ['VARCHAR', 'VARCHAR[]', 'VARCHAR'], 'VARCHAR[]', fields),
  ...Object.keys(RANGES).map((kind) =>
    jsFunction(`json_to_${kind}`, ['VARCHAR'], 'BIGINT', (text) => toInteger(text, kind)),
  ),
  jsFunction('json_to_double', ['VARCHAR'], 'DOUBLE', toDouble),
  jsFunction('json_to_decimal', ['VARCHAR', 'INTEGER', 'INTEGER'], 'VARCHAR', toDecimal),
  jsFunction('json_to_boolean', ['VARCHAR'], 'BOOLEAN', toBoolean),
  jsFunction('json_to_varchar', ['VARCHAR'], 'VARCHAR', toText),
  jsFunction('json_number', ['DOUBLE'], 'VARCHAR', jsonNumber),
  jsFunction('json_real', ['FLOAT'], 'VARCHAR', (value) =>
    Number.isFinite(value) ? printReal(value) : `"${printReal(value)}"`,
  ),
  jsFunction('json_quote', ['VARCHAR'], 'VARCHAR', quoteJson),
  jsFunction('json_array', ['VARCHAR[]'], 'VARCHAR', (items) => `[${items.map((item) => item ?? 'null').join(',')}]`),
  jsFunction('json_object', ['VARCHAR[]', 'VARCHAR[]', 'BOOLEAN'], 'VARCHAR', object),
  jsNullFunction('json_or_null', ['VARCHAR'], 'VARCHAR', (text) => text ?? 'null'),
];
