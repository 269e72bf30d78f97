import { columnAt, keepValuesOnly, selectColumns } from './column-origin.ts';
import type { ColumnOrigin, OutputColumns } from './column-origin.ts';
import { object, text } from './duckdb-plan.ts';
import type { PlanNode } from './duckdb-plan.ts';
import { comparisonOf, readExpression } from './plan-expression.ts';
import type { PlanExpression } from './plan-expression.ts';

/** Sides of a join whose rows may be left out by a value of one of their own columns: the others are padded with NULL or inverted. */
const FILTERED_SIDES: Readonly<Record<string, { readonly left: boolean; readonly right: boolean }>> = {
  INNER: { left: true, right: true },
  LEFT: { left: true, right: false },
  RIGHT: { left: false, right: true },
  SEMI: { left: true, right: false },
  ANTI: { left: true, right: false },
  MARK: { left: true, right: false },
  SINGLE: { left: true, right: false },
  RIGHT_SEMI: { left: false, right: true },
  RIGHT_ANTI: { left: false, right: true },
};

/** A correlated subquery: the right side is read for the values of the left one, row by row as if it were a function of them. */
export function isPlainDelimJoin(node: PlanNode): boolean {
  return node.type === 'LOGICAL_DELIM_JOIN' && !node.flag('delim_flipped');
}

/** undefined: it is not known how many columns there are. */
export function traceJoin(
  node: PlanNode,
  leftInput: OutputColumns | undefined,
  rightInput: OutputColumns | undefined,
): OutputColumns | undefined {
  if (node.type === 'LOGICAL_CROSS_PRODUCT') return leftInput && rightInput && [...leftInput, ...rightInput];
  if (node.type === 'LOGICAL_DELIM_JOIN' && !isPlainDelimJoin(node)) return undefined;
  const type = node.text('join_type');
  const sides = FILTERED_SIDES[type] ?? { left: false, right: false };
  const canFilterRight = sides.right && node.type !== 'LOGICAL_DELIM_JOIN';
  const [leftColumns, rightColumns] =
    type === 'INNER' ? traceEqualities(node, leftInput, rightInput) : [leftInput, rightInput];
  const left = selectColumns(
    leftColumns && keepValuesOnly(leftColumns, sides.left),
    node.values('left_projection_map'),
  );
  const right = selectColumns(
    rightColumns && keepValuesOnly(rightColumns, canFilterRight),
    node.values('right_projection_map'),
  );
  switch (type) {
    case 'SEMI':
    case 'ANTI':
      return left;
    case 'MARK':
      return left && [...left, undefined];
    case 'RIGHT_SEMI':
    case 'RIGHT_ANTI':
      return right;
    default:
      return left && right && [...left, ...right];
  }
}

/** A column of which nothing is known has only values of the column that an inner join finds equal to it. */
function traceEqualities(
  node: PlanNode,
  left: OutputColumns | undefined,
  right: OutputColumns | undefined,
): readonly [OutputColumns | undefined, OutputColumns | undefined] {
  const ofLeft = new Map<number, ColumnOrigin>();
  const ofRight = new Map<number, ColumnOrigin>();
  for (const equality of joinEqualities(node)) {
    const leftOrigin = columnAt(equality.left, left ?? []);
    const rightOrigin = columnAt(equality.right, right ?? []);
    if (equality.left.kind === 'column' && rightOrigin) ofLeft.set(equality.left.index, rightOrigin);
    if (equality.right.kind === 'column' && leftOrigin) ofRight.set(equality.right.index, leftOrigin);
  }
  return [complete(left, ofLeft), complete(right, ofRight)];
}

function complete(
  columns: OutputColumns | undefined,
  origins: ReadonlyMap<number, ColumnOrigin>,
): OutputColumns | undefined {
  return columns?.map((column, index) => {
    const origin = origins.get(index);
    return column ?? (origin && { ...origin, canFilter: false });
  });
}

/** The equalities `left = right` of a join; with `nullsMatch` NULL equals NULL. */
export function joinEqualities(
  node: PlanNode,
): { readonly left: PlanExpression; readonly right: PlanExpression; readonly nullsMatch: boolean }[] {
  return node.objects('conditions').flatMap((condition) => {
    const operator = comparisonOf(text(condition, 'comparison'));
    if (operator !== '=' && operator !== 'IS NOT DISTINCT FROM') return [];
    return {
      left: readExpression(object(condition, 'left')),
      right: readExpression(object(condition, 'right')),
      nullsMatch: operator !== '=',
    };
  });
}
