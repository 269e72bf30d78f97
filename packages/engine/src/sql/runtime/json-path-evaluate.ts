import { printJson, type JsonTree } from './json-tree.ts';
import { PathError, arithmetic, checked, double, keyValues, methodOf, negated, numeric } from './json-path-items.ts';
import type { JsonPath, PathNode, PathPredicate } from './json-path-parse.ts';

interface Environment {
  readonly strict: boolean;
  readonly root: JsonTree;
  readonly variables: ReadonlyMap<string, JsonTree>;
  readonly current?: JsonTree;
  readonly last?: number;
}

/** The items that a path finds. Throws PathError. */
export function evaluatePath(
  path: JsonPath,
  root: JsonTree,
  variables: ReadonlyMap<string, JsonTree>,
): readonly JsonTree[] {
  return evaluate(path.expression, { strict: path.strict, root, variables });
}

function evaluate(node: PathNode, env: Environment): readonly JsonTree[] {
  switch (node.kind) {
    case 'root':
      return [env.root];
    case 'current':
      return env.current ? [env.current] : [];
    case 'last':
      if (env.last === undefined) throw new PathError('last is used outside of an array subscript');
      return [{ kind: 'number', text: String(env.last) }];
    case 'null':
      return [{ kind: 'null' }];
    case 'variable': {
      const value = env.variables.get(node.name);
      if (!value) throw new PathError(`no value passed for parameter ${node.name}`);
      return [value];
    }
    case 'number':
      return [/[eE]/.test(node.text) ? double(Number(node.text)) : { kind: 'number', text: node.text, exact: true }];
    case 'string':
      return [{ kind: 'string', text: node.text }];
    case 'boolean':
      return [{ kind: 'boolean', value: node.value }];
    case 'member':
      return unwrapped(evaluate(node.base, env), env).flatMap((item) => member(item, node.name, env));
    case 'descendants':
      return evaluate(node.base, env).flatMap((item) => descendants(item, node.name));
    case 'any member':
      return unwrapped(evaluate(node.base, env), env).flatMap((item) => {
        if (item.kind === 'object') return item.members.map(([, value]) => value);
        if (env.strict) throw new PathError('invalid item type. Expected: OBJECT');
        return [];
      });
    case 'any element':
      return evaluate(node.base, env).flatMap((item) => {
        if (item.kind === 'array') return item.items;
        if (env.strict) throw new PathError('invalid item type. Expected: ARRAY');
        return [item];
      });
    case 'element':
      return evaluate(node.base, env).flatMap((item) => elements(item, node.ranges, env));
    case 'filter':
      return unwrapped(evaluate(node.base, env), env).filter(
        (item) => test(node.predicate, { ...env, current: item }) === true,
      );
    case 'method':
      return methodItems(node, env).flatMap((item) =>
        node.name === 'keyvalue' ? keyValues(item) : [methodOf(item, node.name)],
      );
    case 'sign':
      return unwrapped(evaluate(node.operand, env), env).map((item) => (node.negative ? negated(item) : checked(item)));
    case 'arithmetic':
      return [arithmetic(node.operator, single(node.left, env), single(node.right, env))];
  }
}

/** In lax mode arrays are opened one level where a single item is meant. */
function unwrapped(items: readonly JsonTree[], env: Environment): readonly JsonTree[] {
  return env.strict ? items : items.flatMap((item) => (item.kind === 'array' ? item.items : [item]));
}

function member(item: JsonTree, name: string, env: Environment): readonly JsonTree[] {
  if (item.kind !== 'object') {
    if (env.strict) throw new PathError('structural error: invalid item type. Expected: OBJECT');
    return [];
  }
  const value = new Map(item.members).get(name);
  if (!value && env.strict) throw new PathError(`structural error: missing member '${name}' in JSON object`);
  return value ? [value] : [];
}

function descendants(item: JsonTree, name: string): readonly JsonTree[] {
  if (item.kind === 'array') return item.items.flatMap((each) => descendants(each, name));
  if (item.kind !== 'object') return [];
  const own = item.members.filter(([key]) => key === name).map(([, value]) => value);
  return [...own, ...item.members.flatMap(([, value]) => descendants(value, name))];
}

function elements(
  item: JsonTree,
  ranges: readonly (readonly [PathNode, PathNode?])[],
  env: Environment,
): readonly JsonTree[] {
  if (item.kind !== 'array' && env.strict) throw new PathError('invalid item type. Expected: ARRAY');
  const items = item.kind === 'array' ? item.items : [item];
  const inner: Environment = { ...env, last: items.length - 1 };
  return ranges.flatMap(([from, to]) => {
    const first = index(from, inner);
    const last = to ? index(to, inner) : first;
    if (env.strict && (first < 0 || last >= items.length || first > last))
      throw new PathError('structural error: invalid array subscript');
    return items.slice(Math.max(0, first), last + 1);
  });
}

function index(node: PathNode, env: Environment): number {
  return Math.trunc(numeric(single(node, env)));
}

function single(node: PathNode, env: Environment): JsonTree {
  const items = unwrapped(evaluate(node, env), env);
  const [item] = items;
  if (!item || items.length > 1) throw new PathError(`arithmetic needs one item, not ${items.length}`);
  return item;
}

function methodItems(node: Extract<PathNode, { kind: 'method' }>, env: Environment): readonly JsonTree[] {
  const items = evaluate(node.base, env);
  if (node.name === 'type' || node.name === 'size') return items;
  return unwrapped(items, env);
}

/** A predicate's answer: null is unknown. */
function test(predicate: PathPredicate, env: Environment): boolean | null {
  switch (predicate.kind) {
    case 'and': {
      const left = test(predicate.left, env);
      if (left === false) return false;
      const right = test(predicate.right, env);
      return right === false ? false : left === null || right === null ? null : true;
    }
    case 'or': {
      const left = test(predicate.left, env);
      if (left === true) return true;
      const right = test(predicate.right, env);
      return right === true ? true : left === null || right === null ? null : false;
    }
    case 'not': {
      const value = test(predicate.operand, env);
      return value === null ? null : !value;
    }
    case 'is unknown':
      return test(predicate.operand, env) === null;
    case 'exists':
      return attempt(() => evaluate(predicate.path, env).length > 0);
    case 'compare':
      return attempt(() => comparePairs(predicate.operator, predicate.left, predicate.right, env));
    case 'starts with':
      return attempt(() => {
        const prefix = single(predicate.right, env);
        return anyOf(unwrapped(evaluate(predicate.left, env), env), (item) =>
          item.kind === 'string' && prefix.kind === 'string' ? item.text.startsWith(prefix.text) : null,
        );
      });
  }
}

function attempt(compute: () => boolean | null): boolean | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof PathError) return null;
    throw error;
  }
}

function anyOf(items: readonly JsonTree[], check: (item: JsonTree) => boolean | null): boolean | null {
  const answers = items.map(check);
  return answers.includes(null) ? null : answers.includes(true);
}

function comparePairs(operator: string, left: PathNode, right: PathNode, env: Environment): boolean | null {
  const a = unwrapped(evaluate(left, env), env);
  const b = unwrapped(evaluate(right, env), env);
  const answers = a.flatMap((x) => b.map((y) => compare(operator, x, y)));
  if (answers.includes(null)) return null;
  return answers.includes(true);
}

function compare(operator: string, a: JsonTree, b: JsonTree): boolean | null {
  const isEquality = operator === '==' || operator === '<>' || operator === '!=';
  if (a.kind === 'null' || b.kind === 'null') {
    if (!isEquality) return null;
    return (a.kind === b.kind) === (operator === '==');
  }
  if (a.kind !== b.kind || a.kind === 'array' || a.kind === 'object') return null;
  const key = (item: JsonTree) =>
    item.kind === 'number' ? Number(item.text) : item.kind === 'boolean' ? Number(item.value) : printJson(item);
  const [x, y] = [key(a), key(b)];
  switch (operator) {
    case '==':
      return x === y;
    case '<':
      return x < y;
    case '>':
      return x > y;
    case '<=':
      return x <= y;
    case '>=':
      return x >= y;
    default:
      return x !== y;
  }
}
