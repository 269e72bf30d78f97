import { isNone, singleValues } from '@ergane/protocol';
import { isFilter } from './wire-values.ts';
import type { Constraints, ValueSet } from '@ergane/protocol';
import type { TableNotes } from '../schema/table-notes.ts';
import { attributeOf } from '../schema/table-notes.ts';
import type { TableFacts, WireItem, WireValue } from '../wire.ts';
import { isTableKey, keyTypeOf, listAccessPaths } from './access-path.ts';
import type { AccessPath } from './access-path.ts';
import type { KeyCondition, ReadPlan } from './read-plan.ts';
import { makeSortConditions } from './sort-conditions.ts';
import { canBeKey, comparableType, toWireValue } from './wire-values.ts';

export interface PlanQuestion {
  readonly table: TableFacts;
  readonly notes: TableNotes;
  /** the projected columns */
  readonly columns: readonly string[];
  readonly constraints: Constraints;
  readonly consistentRead: boolean;
  readonly scanSegments: number | undefined;
}

/** A way to read, and why it was taken. `plan` undefined: no item can match. */
export interface Choice {
  readonly plan: ReadPlan | undefined;
  readonly reason: string;
}

interface Candidate {
  readonly path: AccessPath;
  readonly conditions: readonly KeyCondition[];
  readonly keyColumns: readonly string[];
  /** 0 to 2: whole key, part of the sort key, partition key alone */
  readonly rank: number;
}

const MEGABYTE = 2 ** 20;
const SEGMENT_BYTES = 16 * MEGABYTE;
const USUAL_SEGMENTS = 64;
/** Of very large tables, so that one invocation reads one segment. */
const LARGE_SEGMENT_BYTES = 1024 * MEGABYTE;
const MAX_SEGMENTS = 10_000;
/** So many key look-ups are cheaper than any scan. */
const FEW_CONDITIONS = 100;
/** Beyond it partition keys are not combined with every value of the sort key. */
const MAX_CONDITIONS = 10_000;

/** Query or BatchGetItem where the constraints name keys, else a parallel Scan. */
export function choosePlan(question: PlanQuestion): Choice {
  const { table, constraints } = question;
  const empty = Object.entries(constraints.summary).find(([, set]) => isFilter(set) && isNone(set));
  if (empty !== undefined) return { plan: undefined, reason: `no value of column "${empty[0]}" is asked for` };
  const candidates = listCandidates(question);
  const [best] = [...candidates].sort(compareCandidates);
  if (best === undefined) return { plan: makeScan(question), reason: explainScan(question) };
  if (best.conditions.length === 0)
    return { plan: undefined, reason: `no item can have such a key "${best.path.hash}"` };
  const pages = Math.ceil((table.TableSizeBytes ?? 0) / MEGABYTE);
  if (pages > 0 && best.conditions.length > FEW_CONDITIONS && countRequests(best) > 4 * pages)
    return {
      plan: makeScan(question),
      reason: `${best.conditions.length} keys are asked for: scanning ${pages} MB takes fewer requests`,
    };
  return { plan: toPlan(table, best), reason: explainCandidate(best) };
}

function listCandidates(question: PlanQuestion): readonly Candidate[] {
  const { table, notes, columns, constraints, consistentRead } = question;
  const columnOf = new Map(
    Object.keys(constraints.summary).map((column) => [attributeOf(notes, column), column] as const),
  );
  const attributes = [...new Set([...columns.map((column) => attributeOf(notes, column)), ...columnOf.keys()])];
  return listAccessPaths(table, { attributes, consistentRead })
    .map((path) => makeCandidate(question, path, columnOf))
    .filter((candidate) => candidate !== undefined);
}

/** The key conditions of one way; undefined: its partition key is not given, or it may lack items that match. */
function makeCandidate(
  { table, constraints }: PlanQuestion,
  path: AccessPath,
  columnOf: ReadonlyMap<string, string>,
): Candidate | undefined {
  const setOf = (attribute: string | undefined): ValueSet | undefined => {
    const column = attribute === undefined ? undefined : columnOf.get(attribute);
    const set = column === undefined ? undefined : constraints.summary[column];
    return set !== undefined && attribute !== undefined && comparableType(set.type) === keyTypeOf(table, attribute)
      ? set
      : undefined;
  };
  const hashSet = setOf(path.hash);
  const hashValues = hashSet === undefined ? undefined : listKeyValues(hashSet, path, table);
  if (hashValues === undefined) return undefined;
  const rangeSet = setOf(path.range);
  // an item without the sort key of an index is not in the index: only a condition that NULL does not meet allows to use it
  if (path.range !== undefined && !isTableKey(table, path.range) && (rangeSet === undefined || rangeSet.nullAllowed))
    return undefined;
  const allSorts =
    path.range === undefined || rangeSet === undefined ? undefined : makeSortConditions(path.range, rangeSet);
  const tooMany = hashValues.length * (allSorts?.length ?? 1) > MAX_CONDITIONS && (allSorts?.length ?? 1) > 1;
  const sorts = tooMany ? undefined : allSorts;
  const keyColumns = [columnOf.get(path.hash), path.range === undefined ? undefined : columnOf.get(path.range)];
  return {
    path,
    conditions: hashValues.flatMap((value) => {
      const condition = { attribute: path.hash, value };
      return sorts === undefined ? [condition] : sorts.map((sort) => ({ ...condition, sort }));
    }),
    keyColumns: keyColumns.filter((column) => column !== undefined),
    rank: rankOf(path, sorts),
  };
}

/** The values of a partition key that items can have; undefined: not a list, or one that an index may not answer. */
function listKeyValues(set: ValueSet, path: AccessPath, table: TableFacts): readonly WireValue[] | undefined {
  if (set.nullAllowed && !isTableKey(table, path.hash)) return undefined;
  const values = singleValues(set)?.map((value) => toWireValue(set.type, value));
  return values?.filter((value) => value !== undefined).filter((value) => canBeKey(value, 'HASH'));
}

function rankOf(path: AccessPath, sorts: readonly { readonly operator: string }[] | undefined): number {
  if (path.range === undefined) return path.kind === 'table' ? 0 : 1;
  if (sorts === undefined) return 2;
  return sorts.every((sort) => sort.operator === '=') ? 0 : 1;
}

/** Narrow keys before wide ones, few requests before many, the table before its indexes. */
function compareCandidates(a: Candidate, b: Candidate): number {
  const kinds = ['table', 'local', 'global'];
  return (
    a.rank - b.rank ||
    a.conditions.length - b.conditions.length ||
    kinds.indexOf(a.path.kind) - kinds.indexOf(b.path.kind)
  );
}

function isWholeKey({ path, conditions }: Candidate): boolean {
  if (path.kind !== 'table') return false;
  return path.range === undefined || conditions.every((condition) => condition.sort?.operator === '=');
}

const BATCH = 100;

function countRequests(candidate: Candidate): number {
  const { length } = candidate.conditions;
  return isWholeKey(candidate) ? Math.ceil(length / BATCH) : length;
}

function toPlan(table: TableFacts, candidate: Candidate): ReadPlan {
  const { path, conditions, keyColumns } = candidate;
  const keyAttributes = path.range === undefined ? [path.hash] : [path.hash, path.range];
  if (conditions.length > 1 && isWholeKey(candidate))
    return { kind: 'get', table: table.TableName, keys: conditions.map(toKey) };
  return {
    kind: 'query',
    table: table.TableName,
    ...(path.index !== undefined && { index: path.index }),
    conditions,
    keyColumns,
    keyAttributes,
  };
}

function toKey({ attribute, value, sort }: KeyCondition): WireItem {
  const sortValue = sort?.values[0];
  return sort === undefined || sortValue === undefined
    ? { [attribute]: value }
    : { [attribute]: value, [sort.attribute]: sortValue };
}

function makeScan({ table, constraints, scanSegments }: PlanQuestion): ReadPlan {
  const bytes = table.TableSizeBytes ?? 0;
  const bySize = Math.max(
    Math.min(USUAL_SEGMENTS, Math.ceil(bytes / SEGMENT_BYTES)),
    Math.min(MAX_SEGMENTS, Math.ceil(bytes / LARGE_SEGMENT_BYTES)),
  );
  // the first rows of any segment do
  const { summary, expression, orderByClause, limit } = constraints;
  const anyRows = Object.keys(summary).length === 0 && expression.length === 0 && orderByClause.length === 0;
  const few = anyRows && limit >= 0 && limit <= 1000;
  const segments = scanSegments ?? (few ? 1 : Math.max(1, bySize));
  return { kind: 'scan', table: table.TableName, segments };
}

function explainScan({ table, notes, constraints }: PlanQuestion): string {
  const attributes = Object.keys(constraints.summary).map((column) => attributeOf(notes, column));
  const indexes = [...(table.GlobalSecondaryIndexes ?? [])].filter((index) =>
    index.KeySchema.some((key) => key.KeyType === 'HASH' && attributes.includes(key.AttributeName)),
  );
  const [index] = indexes;
  if (index !== undefined)
    return `Scan, because index "${index.IndexName}" cannot answer: it lacks attributes that are read, or may lack items that match (those without its sort key, or with NULL)`;
  return 'Scan, because no condition gives values of the partition key of the table or of an index';
}

function explainCandidate(candidate: Candidate): string {
  const { path, conditions } = candidate;
  const what = path.index === undefined ? 'the table' : `${path.kind} index "${path.index}"`;
  const how = conditions.length > 1 && isWholeKey(candidate) ? 'BatchGetItem' : 'Query';
  return `${how} of ${what}, because the conditions give ${conditions.length} ${conditions.length === 1 ? 'value' : 'values'} of its key`;
}
