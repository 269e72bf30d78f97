import type { Constraints } from '@ergane/protocol';
import { LONGEST_EXPRESSION, Placeholders } from '../plan/expression.ts';
import { makeFilter } from '../plan/filter-expression.ts';
import { findDirection } from '../plan/sort-order.ts';
import type { GetPlan, KeyCondition, QueryPlan, ScanPlan } from '../plan/read-plan.ts';
import { attributeOf } from '../schema/table-notes.ts';
import type { TableNotes } from '../schema/table-notes.ts';
import type { WireInput } from '../wire.ts';

/** What a read wants of a table. */
export interface RequestQuestion {
  readonly notes: TableNotes;
  /** the columns of the answer */
  readonly columns: readonly string[];
  readonly constraints: Constraints;
  readonly consistentRead: boolean;
}

/** A request but for its key, page limit and start. */
export interface RequestShape {
  readonly input: WireInput;
  /** columns whose value sets the filter applies */
  readonly filtered: readonly string[];
  readonly filter: string | undefined;
  readonly placeholders: Placeholders;
  /** every attribute is asked for, so those that no column shows are seen */
  readonly wholeItems: boolean;
  /** items are only counted */
  readonly counts: boolean;
  /** a Query goes down the sort key */
  readonly backward: boolean;
}

/** The parts that Scan, Query and BatchGetItem have in common. */
export function makeRequest(plan: ScanPlan | QueryPlan | GetPlan, question: RequestQuestion): RequestShape {
  const { notes, columns, constraints, consistentRead } = question;
  const placeholders = new Placeholders();
  const keyAttributes = plan.kind === 'query' ? plan.keyAttributes : [];
  const filter =
    plan.kind === 'get'
      ? { expression: undefined, columns: [] }
      : makeFilter({ summary: constraints.summary, notes, keyAttributes, placeholders });
  const needed = new Set([...columns, ...Object.keys(constraints.summary)].map((name) => attributeOf(notes, name)));
  const counts = needed.size === 0 && plan.kind !== 'get';
  // an index may lack attributes: asking for each by name, DynamoDB says so
  const wholeItems = columns.length === notes.columnCount && !(plan.kind === 'query' && plan.index !== undefined);
  const projection = counts || wholeItems ? undefined : makeProjection(needed, plan, placeholders);
  // without a projection an index gives what it projects and says nothing of the rest
  const lacksProjection = !counts && plan.kind === 'query' && plan.index !== undefined && projection === undefined;
  const select = counts ? { Select: 'COUNT' } : lacksProjection ? { Select: 'ALL_ATTRIBUTES' } : {};
  return {
    input: {
      ...select,
      ...(projection !== undefined && { ProjectionExpression: projection }),
      ...(filter.expression !== undefined && { FilterExpression: filter.expression }),
      ...(consistentRead && { ConsistentRead: true }),
    },
    filtered: filter.columns,
    filter: filter.expression,
    placeholders,
    wholeItems,
    counts,
    backward: findDirection(plan, constraints, notes) === 'backward',
  };
}

/** undefined: too long for an expression, so whole items come. */
function makeProjection(
  needed: ReadonlySet<string>,
  plan: ScanPlan | QueryPlan | GetPlan,
  placeholders: Placeholders,
): string | undefined {
  // count(*) by keys: something must be asked for
  const [firstKey = {}] = plan.kind === 'get' ? plan.keys : [];
  const attributes = needed.size > 0 ? [...needed] : Object.keys(firstKey).slice(0, 1);
  return placeholders.attempt(() => {
    const text = attributes.map((attribute) => placeholders.name(attribute)).join(', ');
    return text.length <= LONGEST_EXPRESSION ? text : undefined;
  });
}

export function makeScanInput(plan: ScanPlan, { input, placeholders }: RequestShape): WireInput {
  return {
    TableName: plan.table,
    ...(plan.segments > 1 && { Segment: plan.segment ?? 0, TotalSegments: plan.segments }),
    ...input,
    ...placeholders.toInput(),
    ReturnConsumedCapacity: 'TOTAL',
  };
}

export function makeQueryInput(plan: QueryPlan, condition: KeyCondition, shape: RequestShape): WireInput {
  const placeholders = shape.placeholders.copy();
  return {
    TableName: plan.table,
    ...(plan.index !== undefined && { IndexName: plan.index }),
    KeyConditionExpression: printCondition(condition, placeholders),
    ...(shape.backward && { ScanIndexForward: false }),
    ...shape.input,
    ...placeholders.toInput(),
    ReturnConsumedCapacity: 'TOTAL',
  };
}

function printCondition({ attribute, value, sort }: KeyCondition, placeholders: Placeholders): string {
  const hash = `${placeholders.name(attribute)} = ${placeholders.value(value)}`;
  if (sort === undefined) return hash;
  const [low, high] = sort.values.map((each) => placeholders.value(each));
  const name = placeholders.name(sort.attribute);
  return sort.operator === 'BETWEEN'
    ? `${hash} AND ${name} BETWEEN ${low ?? ''} AND ${high ?? ''}`
    : `${hash} AND ${name} ${sort.operator} ${low ?? ''}`;
}
