import { functionError } from './errors.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

const LONGEST = 100_000;
const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

/** The positions, from 1, of every choice of `size` out of `length`, the last position moving slowest. */
function combinations(length: number, size: number): bigint[][] {
  if (size < 0) throw invalid(`combination size must not be negative: ${size}`);
  if (size > 5) throw invalid(`combination size must not exceed 5: ${size}`);
  if (size > length) return [];
  const count = Array.from({ length: size }, (_unused, index) => index).reduce(
    (product, index) => (product * (length - index)) / (index + 1),
    1,
  );
  if (count * size > LONGEST) throw invalid('combinations exceed max size');
  const found: bigint[][] = [];
  const chosen = Array.from({ length: size }, (_unused, index) => index);
  for (;;) {
    found.push(chosen.map((index) => BigInt(index + 1)));
    const moved = chosen.findIndex((index, at) => index + 1 < (chosen[at + 1] ?? length));
    if (moved < 0) return found;
    chosen[moved] = (chosen[moved] ?? 0) + 1;
    for (let at = 0; at < moved; at++) chosen[at] = at;
  }
}

/** The positions, from 1, in the order that a comparator's answers for all pairs give; JavaScript sorts in the same steps as Java. */
function sortOrder(answers: readonly (bigint | null)[]): bigint[] {
  const size = Math.round(Math.sqrt(answers.length));
  const order = Array.from({ length: size }, (_unused, index) => index);
  order.sort((a, b) => {
    const answer = answers[a * size + b] ?? null;
    if (answer === null || answer < -1n || answer > 1n)
      throw invalid('Lambda comparator must return either -1, 0, or 1');
    return Number(answer);
  });
  return order.map((index) => BigInt(index + 1));
}

/** What arrays need of JavaScript: an enumeration that DuckDB has no function for. */
export const ARRAY_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('combinations', ['BIGINT', 'BIGINT'], 'BIGINT[][]', (length, size) =>
    combinations(Number(length), Number(size)),
  ),
  jsFunction('sort_order', ['BIGINT[]'], 'BIGINT[]', sortOrder),
];
