import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../trino-type.ts';
import { canCoerce } from '../types/coercion.ts';
import { printType } from '../types/type-text.ts';
import { bind, instantiate, noBindings, type Bindings } from './bind.ts';
import { FUNCTIONS } from './families.ts';
import { isVariable, type FunctionSignature, type TypePattern } from './signature.ts';

/** An argument of a call while its function is looked for: a type, or a lambda of so many parameters. */
export type ArgumentShape = TrinoType | { readonly kind: 'lambda'; readonly arity: number };

export interface Resolved {
  readonly signature: FunctionSignature;
  readonly bindings: Bindings;
  /** the pattern of each argument (variadic ones repeated) */
  readonly patterns: readonly TypePattern[];
}

let byName: ReadonlyMap<string, readonly FunctionSignature[]> | undefined;

export function signaturesOf(name: string): readonly FunctionSignature[] {
  byName ??= groupByName();
  return byName.get(name) ?? [];
}

/** The names of all functions that signatures describe. */
export function functionNames(): Iterable<string> {
  byName ??= groupByName();
  return byName.keys();
}

function groupByName(): ReadonlyMap<string, readonly FunctionSignature[]> {
  const groups = new Map<string, FunctionSignature[]>();
  for (const signature of FUNCTIONS) groups.set(signature.name, [...(groups.get(signature.name) ?? []), signature]);
  return groups;
}

/** The function that Trino would choose: an exact match, then a generic one, then the most specific that needs coercion. */
export function resolveFunction(name: string, shapes: readonly ArgumentShape[]): Resolved {
  const candidates = signaturesOf(name);
  if (candidates.length === 0) throw new ErganeError('FUNCTION_NOT_FOUND', `Function '${name}' not registered`);
  const exact = match(candidates, shapes, false);
  const found =
    exact.find(({ signature }) => !isGeneric(signature)) ?? exact[0] ?? mostSpecific(match(candidates, shapes, true));
  if (found) return found;
  const expected = candidates.map((each) => each.text.replace(/\s*->.*$/s, '')).sort();
  const given = shapes.map((shape) => (shape.kind === 'lambda' ? 'lambda' : printType(shape))).join(', ');
  throw new ErganeError(
    'FUNCTION_NOT_FOUND',
    `Unexpected parameters (${given}) for function ${name}. Expected: ${expected.join(', ')}`,
  );
}

const isGeneric = (signature: FunctionSignature) => signature.parameters.some(hasVariable);
const hasVariable = (pattern: TypePattern): boolean =>
  isVariable(pattern) || pattern.parameters.some((part) => typeof part === 'object' && hasVariable(part));

function match(
  candidates: readonly FunctionSignature[],
  shapes: readonly ArgumentShape[],
  coerce: boolean,
): Resolved[] {
  return candidates.flatMap((signature) => {
    const patterns = patternsFor(signature, shapes.length);
    if (!patterns) return [];
    const bindings = noBindings();
    const fits = shapes.every((shape, index) => {
      const pattern = patterns[index];
      if (!pattern) return false;
      if (shape.kind === 'lambda') return pattern.name === 'function' && pattern.parameters.length === shape.arity + 1;
      return pattern.name !== 'function' && bind(pattern, shape, bindings, coerce);
    });
    return fits ? [{ signature, bindings, patterns }] : [];
  });
}

function patternsFor(signature: FunctionSignature, count: number): TypePattern[] | undefined {
  const { parameters, variadic } = signature;
  if (!variadic) return parameters.length === count ? [...parameters] : undefined;
  const last = parameters.at(-1);
  if (!last || count < parameters.length - 1) return undefined;
  return Array.from({ length: count }, (_unused, index) => parameters[Math.min(index, parameters.length - 1)] ?? last);
}

function mostSpecific(matches: readonly Resolved[]): Resolved | undefined {
  const typesOf = (match: Resolved) =>
    match.patterns
      .filter((pattern) => pattern.name !== 'function')
      .map((pattern) => instantiate(pattern, match.bindings));
  const isBelow = (a: Resolved, b: Resolved) => {
    const others = typesOf(b);
    return typesOf(a).every((type, index) => {
      const other = others[index];
      return other !== undefined && canCoerce(type, other);
    });
  };
  return matches.find((each) => matches.every((other) => isBelow(each, other))) ?? matches[0];
}
