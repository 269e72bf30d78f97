import { ErganeError } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import type { Properties, ReadRequest } from '@ergane/sdk';
import { readStatement } from '../statement.ts';
import type { WireItem, WireValue } from '../wire.ts';

/** Comparison of a sort key, as key conditions have them. */
export interface SortCondition {
  readonly attribute: string;
  readonly operator: '=' | '<' | '<=' | '>' | '>=' | 'BETWEEN';
  readonly values: readonly WireValue[];
}

/** What one Query asks: one value of the partition key, perhaps a range of the sort key. */
export interface KeyCondition {
  readonly attribute: string;
  readonly value: WireValue;
  readonly sort?: SortCondition;
}

export interface ScanPlan {
  readonly kind: 'scan';
  readonly table: string;
  readonly segments: number;
  /** which one; undefined in a layout, before the segments are split */
  readonly segment?: number;
}
export interface QueryPlan {
  readonly kind: 'query';
  readonly table: string;
  readonly index?: string;
  readonly conditions: readonly KeyCondition[];
  /** the columns of the partition key and of the sort key */
  readonly keyColumns: readonly string[];
  /** the attributes of the queried index's keys: filter expressions may not have them */
  readonly keyAttributes: readonly string[];
}
/** BatchGetItem of whole primary keys. */
export interface GetPlan {
  readonly kind: 'get';
  readonly table: string;
  readonly keys: readonly WireItem[];
}
export interface StatementPlan {
  readonly kind: 'statement';
  readonly statement: string;
}
export type ReadPlan = ScanPlan | QueryPlan | GetPlan | StatementPlan;

/** Where a read goes on: condition or batch number `item`, after `key` (or with the token of a statement). */
export interface ResumePoint {
  readonly item: number;
  readonly key?: WireItem;
  readonly token?: string;
}

/** After the last row: there is nothing more to read. */
export const END = 'end';

export interface SplitPlan {
  readonly plan: ReadPlan;
  /** why this plan, for EXPLAIN */
  readonly reason?: string;
  readonly from?: ResumePoint | typeof END;
}

export function writeSplit({ plan, reason }: SplitPlan): Properties {
  return { plan: JSON.stringify(plan), ...(reason !== undefined && { reason }) };
}

/** The split that goes on there. */
export function resumeSplit(split: Properties, from: ResumePoint | typeof END): Properties {
  return { ...split, from: JSON.stringify(from) };
}

/**
 * What a split asks. The split of a native query has no plan but its arguments.
 * @throws ErganeError PROTOCOL_INVALID
 */
export function readSplit({ split, constraints }: Pick<ReadRequest, 'split' | 'constraints'>): SplitPlan {
  const { plan, reason, from } = split;
  // written by `resumeSplit` in another invocation
  const start = from === undefined ? {} : { from: JSON.parse(from) as ResumePoint | typeof END };
  if (isPassthrough(constraints))
    return { plan: { kind: 'statement', statement: readStatement(constraints.queryPassthroughArguments) }, ...start };
  return { plan: parsePlan(plan), ...(reason !== undefined && { reason }), ...start };
}

/** @throws ErganeError PROTOCOL_INVALID */
export function parsePlan(text: string | undefined): ReadPlan {
  if (text === undefined)
    throw new ErganeError('PROTOCOL_INVALID', 'a split of the DynamoDB connector lacks its property "plan"');
  // written by `writeSplit` in another invocation
  return JSON.parse(text) as ReadPlan;
}

function isPassthrough({ queryPassthroughArguments }: Constraints): boolean {
  return Object.keys(queryPassthroughArguments).length > 0;
}
