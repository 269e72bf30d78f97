import type { NativeQuery, ReadRequest } from '@ergane/sdk';
import { readSplit } from './plan/read-plan.ts';
import type { ReadPlan } from './plan/read-plan.ts';
import { findLimit } from './read/read-table.ts';
import { makeQueryInput, makeRequest, makeScanInput } from './read/request.ts';
import type { RequestShape } from './read/request.ts';
import { textOf } from './read/text.ts';
import { readTableNotes } from './schema/table-notes.ts';
import type { WireInput, WireValue } from './wire.ts';

/** The requests that `read` would make, with names and values in place of their placeholders, and why these. */
export function explainRead(request: ReadRequest, consistentRead: boolean): NativeQuery {
  const { plan, reason } = readSplit(request);
  if (plan.kind === 'statement') return { nativeQuery: plan.statement };
  const notes = readTableNotes(request.schema);
  const columns = request.schema.fields.map((field) => field.name);
  const shape = makeRequest(plan, { notes, columns, constraints: request.constraints, consistentRead });
  const limit = findLimit(plan, request.constraints, notes);
  const parts = describePlan(plan, shape);
  if (limit !== undefined) parts.push(`stops after ${limit} matching rows`);
  const keys = plan.kind === 'query' ? plan.keyColumns : [];
  const rechecked = Object.keys(request.constraints.summary).filter(
    (column) => !shape.filtered.includes(column) && !keys.includes(column) && plan.kind !== 'get',
  );
  return {
    nativeQuery: parts.join('; '),
    notes: [
      ...(reason === undefined ? [] : [reason]),
      ...(rechecked.length === 0 ? [] : [`filtered by the function, not by DynamoDB: ${rechecked.join(', ')}`]),
    ],
  };
}

function describePlan(plan: Exclude<ReadPlan, { kind: 'statement' }>, shape: RequestShape): string[] {
  switch (plan.kind) {
    case 'get':
      return [`BatchGetItem of "${plan.table}": ${plan.keys.length} keys`, ...describeInput(shape.input, shape)];
    case 'scan': {
      const segments = plan.segments === 1 ? '1 segment' : `${plan.segments} segments in parallel`;
      return [`Scan of "${plan.table}": ${segments}`, ...describeInput(makeScanInput(plan, shape), shape)];
    }
    case 'query': {
      const index = plan.index === undefined ? '' : ` index "${plan.index}"`;
      const [first] = plan.conditions;
      const more = plan.conditions.length > 1 ? ` and ${plan.conditions.length - 1} more` : '';
      if (first === undefined) return [`Query of "${plan.table}"${index}`];
      const input = makeQueryInput(plan, first, shape);
      const condition = printExpression(input['KeyConditionExpression'], input);
      return [`Query of "${plan.table}"${index}: ${condition}${more}`, ...describeInput(input, shape)];
    }
  }
}

function describeInput(input: WireInput, shape: RequestShape): string[] {
  const names = { ...shape.placeholders.toInput(), ...input };
  const parts: string[] = [];
  if (input['ScanIndexForward'] === false) parts.push('backward');
  if (input['FilterExpression'] !== undefined)
    parts.push(`filter ${printExpression(input['FilterExpression'], names)}`);
  if (input['ProjectionExpression'] !== undefined)
    parts.push(`projection ${printExpression(input['ProjectionExpression'], names)}`);
  if (shape.counts) parts.push('counts only');
  if (input['ConsistentRead'] === true) parts.push('consistent read');
  return parts;
}

function printExpression(expression: unknown, input: WireInput): string {
  const names = toRecord(input['ExpressionAttributeNames']);
  const values = toRecord(input['ExpressionAttributeValues']);
  return String(expression).replace(/#n\d+|:v\d+/g, (placeholder) =>
    placeholder.startsWith('#') ? `"${String(names[placeholder])}"` : printValue(values[placeholder]),
  );
}

function printValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '?';
  const wire: WireValue = value;
  const text = textOf(wire) ?? 'NULL';
  return wire.S === undefined && wire.B === undefined ? text : `'${text}'`;
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
