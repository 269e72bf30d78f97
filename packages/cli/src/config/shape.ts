import { didYouMean } from '../suggest.ts';

/** What a part of the configuration may be. */
export type Shape =
  | { readonly kind: 'text'; readonly hint: string }
  | { readonly kind: 'number'; readonly least: number; readonly whole?: boolean }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'scalar' }
  | { readonly kind: 'list'; readonly item: Shape; readonly least: number }
  | { readonly kind: 'record'; readonly name?: NameRule; readonly value: Shape }
  | { readonly kind: 'object'; readonly members: Members; readonly required?: readonly string[] }
  /** the member that is there says which of the shapes it is */
  | { readonly kind: 'oneOf'; readonly by: Readonly<Record<string, Shape & { readonly kind: 'object' }>> };

export type Members = Readonly<Record<string, Shape>>;

/** What is wrong with a name, or undefined. */
export type NameRule = (name: string) => string | undefined;

export interface ShapeProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Everything that is wrong with a value; empty: it has the shape. */
export function checkShape(value: unknown, shape: Shape, path: readonly (string | number)[] = []): ShapeProblem[] {
  const wrong = (expected: string): ShapeProblem[] => [
    { path, message: `must be ${expected}, not ${describe(value)}` },
  ];
  switch (shape.kind) {
    case 'text':
      return typeof value === 'string' && value.trim() !== '' ? [] : wrong(shape.hint);
    case 'number': {
      const isRight = typeof value === 'number' && value >= shape.least && (!shape.whole || Number.isInteger(value));
      return isRight ? [] : wrong(`a ${shape.whole ? 'whole ' : ''}number of at least ${shape.least}`);
    }
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('true or false');
    case 'scalar':
      return ['string', 'number', 'boolean'].includes(typeof value) ? [] : wrong('a text, a number, true or false');
    case 'list':
      if (!Array.isArray(value) || value.length < shape.least) return wrong(`a list of at least ${shape.least}`);
      return value.flatMap((item, index) => checkShape(item, shape.item, [...path, index]));
    case 'record':
      if (!isObject(value)) return wrong('a map of names to values');
      return Object.entries(value).flatMap(([name, member]) => [
        ...checkName(name, shape.name, path),
        ...checkShape(member, shape.value, [...path, name]),
      ]);
    case 'object':
      return isObject(value) ? checkMembers(value, shape, path) : wrong('a map of settings');
    case 'oneOf':
      return isObject(value) ? checkOneOf(value, shape.by, path) : wrong('a map of settings');
  }
}

function checkName(name: string, rule: NameRule | undefined, path: readonly (string | number)[]): ShapeProblem[] {
  const message = rule?.(name);
  return message === undefined ? [] : [{ path: [...path, name], message }];
}

function checkMembers(
  value: Readonly<Record<string, unknown>>,
  { members, required = [] }: Shape & { readonly kind: 'object' },
  path: readonly (string | number)[],
): ShapeProblem[] {
  const missing = required
    .filter((name) => value[name] === undefined)
    .map((name) => ({ path, message: `needs the setting "${name}"` }));
  const others = Object.entries(value).flatMap(([name, member]) => {
    const shape = members[name];
    if (shape !== undefined) return checkShape(member, shape, [...path, name]);
    const known = Object.keys(members);
    const remedy = didYouMean(name, known) || `; known here: ${known.join(', ')}`;
    return [{ path: [...path, name], message: `is not a known setting${remedy}` }];
  });
  return [...missing, ...others];
}

function checkOneOf(
  value: Readonly<Record<string, unknown>>,
  by: Readonly<Record<string, Shape & { readonly kind: 'object' }>>,
  path: readonly (string | number)[],
): ShapeProblem[] {
  const names = Object.keys(by);
  const [found, second] = names.filter((name) => value[name] !== undefined);
  if (second !== undefined) return [{ path, message: `has both "${found}" and "${second}": keep one of them` }];
  const shape = found === undefined ? undefined : by[found];
  if (shape !== undefined) return checkMembers(value, shape, path);
  const wrongKey = Object.keys(value).find((name) => didYouMean(name, names) !== '');
  const remedy = wrongKey === undefined ? '' : `; "${wrongKey}" is not known${didYouMean(wrongKey, names)}`;
  return [{ path, message: `needs one of ${names.map((name) => `"${name}"`).join(', ')}${remedy}` }];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'a map';
  return JSON.stringify(value);
}
