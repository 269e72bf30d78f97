import type { Expression, Position } from '../parse/syntax-tree.ts';
import { failAt } from '../emit/typed.ts';
import type { TrinoType } from '../trino-type.ts';

/** The values of a statement's `?` by their places. */
export interface ParameterValues {
  readonly find: (at: Position) => Expression | undefined;
  /** told where a type is known that a value must have; absent: nobody asks */
  readonly onType?: (at: Position, type: TrinoType) => void;
}

/** Gives the first `?` of the text the first value, and so on. Throws INVALID_PARAMETER_USAGE unless there is one for each. */
export function placeParameters(statement: unknown, values: readonly Expression[]): ParameterValues {
  const places = parameterPlaces(statement);
  if (places.length !== values.length)
    throw failAt(
      'INVALID_PARAMETER_USAGE',
      { line: 1, col: 1 },
      `Incorrect number of parameters: expected ${places.length} but found ${values.length}`,
    );
  const byPlace = new Map(places.map((at, index) => [keyOf(at), values[index]]));
  return { find: (at) => byPlace.get(keyOf(at)) };
}

/** Where the `?` of a statement stand, in the order of its text. */
export function parameterPlaces(statement: unknown): readonly Position[] {
  const found = new Map<string, Position>();
  collect(statement, found);
  return [...found.values()].sort((a, b) => a.line - b.line || a.col - b.col);
}

const keyOf = ({ line, col }: Position) => `${line}:${col}`;

function collect(node: unknown, found: Map<string, Position>): void {
  if (typeof node !== 'object' || node === null) return;
  if (isParameter(node)) found.set(keyOf(node.at), node.at);
  else for (const each of Object.values(node)) collect(each, found);
}

function isParameter(node: object): node is Extract<Expression, { readonly kind: 'parameter' }> {
  return 'kind' in node && node.kind === 'parameter' && 'at' in node;
}
