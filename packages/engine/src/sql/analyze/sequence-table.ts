import type { Relation } from '../parse/syntax-tree.ts';
import { BIGINT } from '../types/type-text.ts';
import { failAt } from '../emit/typed.ts';
import type { StatementContext } from './context.ts';
import { tableFunctionName } from './table-function.ts';

type TableFunctionNode = Extract<Relation, { readonly kind: 'table function' }>;

const NAMES = ['start', 'stop', 'step'];

/** Whether a table function is Trino's own `sequence(start, stop, step)`. */
export const isSequence = (node: TableFunctionNode): boolean =>
  node.name.length === 1 && node.name[0]?.text.toLowerCase() === 'sequence';

/** Whole numbers from start (0) to stop in steps (of 1). */
export function sequenceTable(node: TableFunctionNode, statement: StatementContext) {
  const given = tableFunctionName(node, statement.parameters).arguments;
  const number = (name: string, fallback: string) =>
    given.find((each, index) => (each.name ?? NAMES[index]) === name)?.value ?? fallback;
  const [start, stop, step] = [number('start', '0'), number('stop', ''), number('step', '1')];
  for (const [name, value] of Object.entries({ start, stop, step }))
    if (!/^-?\d+$/.test(value))
      throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, `sequence needs a whole number as ${name}`);
  if (BigInt(step) === 0n) throw failAt('INVALID_FUNCTION_ARGUMENT', node.at, 'Step must not be zero');
  const rises = BigInt(step) > 0n;
  if (rises ? BigInt(start) > BigInt(stop) : BigInt(start) < BigInt(stop))
    throw failAt(
      'INVALID_FUNCTION_ARGUMENT',
      node.at,
      `Step must be ${rises ? 'negative' : 'positive'} for sequence [${start}, ${stop}]`,
    );
  const alias = statement.freshName('r');
  return {
    sql: `generate_series(CAST(${start} AS BIGINT), CAST(${stop} AS BIGINT), CAST(${step} AS BIGINT)) AS ${alias}(c0)`,
    fields: [{ name: 'sequential_number', type: BIGINT, sql: `${alias}.c0`, qualifier: [] }],
  };
}
