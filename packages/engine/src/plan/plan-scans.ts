import { intersectValueSets, isAll, NO_CONSTRAINTS, unionValueSets } from '@ergane/protocol';
import type {
  Capabilities,
  Constraints,
  FederationExpression,
  OrderByField,
  SerDeVersion,
  ValueSet,
} from '@ergane/protocol';
import { Schema } from 'apache-arrow';
import type { TableReference } from '../catalog/catalogs.ts';
import { isAsWritten, nativeArguments } from '../catalog/native-table.ts';
import type { SerialisedPlan } from '../duckdb/worker-messages.ts';
import { allNodes, parsePlan } from './duckdb-plan.ts';
import type { PlanNode } from './duckdb-plan.ts';
import { filterToExpression } from './filter-to-expression.ts';
import { filterToValueSet } from './filter-to-value-set.ts';
import { describeDynamicFilters } from './describe-dynamic-filters.ts';
import { findDynamicFilters } from './find-dynamic-filters.ts';
import { readExpression } from './plan-expression.ts';
import type { PlanExpression } from './plan-expression.ts';
import { printFilter } from './print-filter.ts';
import type { PushdownOptions } from './pushdown-options.ts';
import type { TableScan } from './table-scan.ts';
import { isScan, scanColumns, scanId, traceColumns } from './trace-columns.ts';

/** A table reference with what its connector guarantees and how it is spoken to. */
export interface PlannedReference extends TableReference {
  readonly version: SerDeVersion;
  /** see `TableScan` */
  readonly readAhead: boolean;
  /** what the connector calls itself, such as `mysql` */
  readonly sourceType: string;
  readonly capabilities: Capabilities;
}

export interface PlannedQuery {
  readonly scans: readonly TableScan[];
  /** why nothing could be pushed down, when DuckDB could not tell its plan */
  readonly problem: string | undefined;
  readonly root: PlanNode | undefined;
  /** false: a scan's schema has every column, and which of them are read is known when DuckDB opens it */
  readonly columnsKnown: boolean;
}

/** One scan for every table reference: what DuckDB's optimised plan asks of it, and what of that the source is asked to do. */
export function planScans(
  { json, columnsKnown }: SerialisedPlan,
  references: readonly PlannedReference[],
  pushdown: PushdownOptions = {},
): PlannedQuery {
  const plan = parsePlan(json);
  if ('problem' in plan)
    return { scans: references.map(wholeTable), problem: plan.problem, root: undefined, columnsKnown: false };
  const uses = findUses(plan.root);
  const joinKeys = pushdown.dynamicFilters === false ? [] : findDynamicFilters(plan.root);
  const scans = references.map((reference) => {
    const own = uses.filter((use) => scanId(use.scan) === reference.id);
    const scan = scanOf(reference, own, pushdown);
    if (own.length !== 1 || isAsWritten(reference.table)) return scan;
    const keys = joinKeys.filter((key) => key.to.scan === own[0]?.scan);
    const { dynamicFilters, summary } = describeDynamicFilters(keys, {
      reference,
      references,
      isReadOnce: (id) => uses.filter((use) => scanId(use.scan) === id).length === 1,
    });
    return { ...scan, dynamicFilters, constraints: { ...scan.constraints, summary: both(scan, summary) } };
  });
  return { scans, problem: undefined, root: plan.root, columnsKnown };
}

function both({ constraints }: TableScan, more: Constraints['summary']): Constraints['summary'] {
  const summary: Record<string, ValueSet> = { ...constraints.summary };
  for (const [column, set] of Object.entries(more)) {
    const before = summary[column];
    summary[column] = before ? intersectValueSets(before, set) : set;
  }
  return summary;
}

/** One place in the plan where a scan is read. */
interface ScanUse {
  readonly scan: PlanNode;
  /** on the scan's output columns, all of them to hold */
  readonly filters: readonly PlanExpression[];
  /** a limit or top-N that sees every row of the scan that passes the filters */
  readonly top:
    | {
        readonly limit: number;
        readonly order: readonly { readonly column: number; readonly direction: OrderByField['direction'] }[];
      }
    | undefined;
}

function findUses(root: PlanNode): ScanUse[] {
  const filters = new Map<PlanNode, PlanExpression[]>();
  const tops = new Map<PlanNode, NonNullable<ScanUse['top']>>();
  for (const node of allNodes(root)) {
    const [child] = node.children;
    if (node.type === 'LOGICAL_FILTER' && child && isScan(child))
      filters.set(child, node.objects('expressions').map(readExpression));
    if (node.type === 'LOGICAL_LIMIT' || node.type === 'LOGICAL_TOP_N') {
      const scan = scanBelow(child);
      const top = scan && child && topOf(node, child);
      if (scan && top) tops.set(scan, top);
    }
  }
  return allNodes(root)
    .filter(isScan)
    .map((scan) => ({ scan, filters: filters.get(scan) ?? [], top: tops.get(scan) }));
}

/** The scan that a limit applies to: only projections and the scan's own filter are between them. */
function scanBelow(node: PlanNode | undefined): PlanNode | undefined {
  if (!node) return undefined;
  if (isScan(node)) return node;
  const [child] = node.children;
  if (node.type === 'LOGICAL_PROJECTION') return scanBelow(child);
  return node.type === 'LOGICAL_FILTER' && child && isScan(child) ? child : undefined;
}

function topOf(node: PlanNode, child: PlanNode): ScanUse['top'] {
  const limit = limitOf(node);
  if (limit === undefined) return undefined;
  const columns = traceColumns(child);
  const order: { column: number; direction: OrderByField['direction'] }[] = [];
  for (const item of node.type === 'LOGICAL_TOP_N' ? node.objects('orders') : []) {
    const expression = readExpression(toObject(item['expression']));
    const origin = expression.kind === 'column' ? columns[expression.index] : undefined;
    if (!origin) return undefined;
    const direction = item['type'] === 'DESCENDING' ? 'DESC' : 'ASC';
    const nulls =
      item['null_order'] === 'NULLS FIRST' || item['null_order'] === 'NULLS_FIRST' ? 'NULLS_FIRST' : 'NULLS_LAST';
    order.push({ column: origin.column, direction: `${direction}_${nulls}` });
  }
  return { limit, order };
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Rows needed before the limit is reached, those that the offset skips included. */
function limitOf(node: PlanNode): number | undefined {
  if (node.type === 'LOGICAL_TOP_N') return sum(node.integer('limit'), node.integer('offset'));
  const limit = node.limitValue('limit_val');
  const offset = node.limitValue('offset_val');
  return limit === undefined || offset === undefined ? undefined : sum(limit, offset);
}

function sum(limit: number, offset: number): number | undefined {
  const total = limit + Math.max(0, offset);
  return limit >= 0 && total <= 2_147_483_647 ? total : undefined;
}

function wholeTable(reference: PlannedReference): TableScan {
  const { schema } = reference.table;
  const constraints = { ...NO_CONSTRAINTS, ...nativeArguments(reference.table) };
  return { ...tableOf(reference), schema, constraints, kept: [], dynamicFilters: [] };
}

function tableOf({
  id,
  version,
  readAhead,
  table,
}: PlannedReference): Omit<TableScan, 'schema' | 'constraints' | 'kept' | 'dynamicFilters'> {
  const { catalog, tableName, schema, partitionColumns } = table;
  const catalogName = catalog.name;
  const functionName = catalog.kind === 'files' ? '' : catalog.functionName;
  const valueBlocks = 'valueBlocks' in table && table.valueBlocks;
  const names = { catalogName, functionName, version, readAhead, tableName };
  return { id, ...names, tableSchema: schema, partitionColumns, valueBlocks };
}

function scanOf(reference: PlannedReference, uses: readonly ScanUse[], pushdown: PushdownOptions): TableScan {
  const { table } = reference;
  const columns = [...new Set(uses.flatMap((use) => scanColumns(use.scan)))].filter((column) => column >= 0);
  const fields = columns.sort((a, b) => a - b).flatMap((column) => table.schema.fields[column] ?? []);
  const schema = pushdown.projections === false ? table.schema : new Schema(fields, table.schema.metadata);
  const asked = uses.map((use) =>
    isAsWritten(table) ? nativeConstraints(use, table) : constraintsOf(use, reference, pushdown),
  );
  const [only] = asked;
  const base = { ...tableOf(reference), schema, dynamicFilters: [] };
  if (asked.length === 1 && only)
    return { ...base, constraints: { ...only.constraints, ...nativeArguments(table) }, kept: only.kept };
  return {
    ...base,
    constraints: {
      ...NO_CONSTRAINTS,
      ...nativeArguments(table),
      summary: anyOf(asked.map((one) => one.constraints.summary)),
    },
    kept: [],
  };
}

/** A scan that stands at several places reads what any of them needs. */
function anyOf(summaries: readonly Constraints['summary'][]): Constraints['summary'] {
  const [first = {}, ...others] = summaries;
  const result: Record<string, ValueSet> = {};
  for (const [column, set] of Object.entries(first)) {
    let union: ValueSet | undefined = set;
    for (const other of others) {
      const next = other[column];
      union = union && next ? unionValueSets(union, next) : undefined;
    }
    if (union && !isAll(union)) result[column] = union;
  }
  return result;
}

function constraintsOf(
  { scan, filters, top }: ScanUse,
  { table, capabilities }: PlannedReference,
  pushdown: PushdownOptions,
): { readonly constraints: Constraints; readonly kept: readonly string[] } {
  const columns = scanColumns(scan);
  const fieldOf = (index: number) => table.schema.fields[columns[index] ?? -1];
  const summary: Record<string, ValueSet> = {};
  const expression: FederationExpression[] = [];
  const kept: string[] = [];
  const functions = pushdown.expressions === false ? new Set<string>() : supportedFunctions(capabilities);
  const guaranteesSets = declares(capabilities, 'supports_filter_pushdown', 'sorted_range_set');
  let exact = true;
  for (const filter of filters.flatMap(conjuncts)) {
    const found = pushdown.predicates === false ? undefined : filterToValueSet(filter, (index) => fieldOf(index)?.type);
    const field = found && fieldOf(found.column);
    if (found && field) {
      const before = summary[field.name];
      summary[field.name] = before ? intersectValueSets(before, found.set) : found.set;
      if (found.exact) {
        exact &&= guaranteesSets;
        continue;
      }
    }
    const translated = filterToExpression(filter, { fieldOf, functions });
    if (translated) expression.push(translated);
    else {
      exact = false;
      kept.push(printFilter(filter, (index) => fieldOf(index)?.name ?? `#${index}`));
    }
  }
  return {
    constraints: {
      ...NO_CONSTRAINTS,
      summary,
      expression,
      ...topConstraints(top, { exact, capabilities, table, pushdown }),
    },
    kept,
  };
}

/** A native query runs as it is written: AWS's connectors do nothing of what is asked besides, so nothing is. */
function nativeConstraints(
  { scan, filters }: ScanUse,
  table: PlannedReference['table'],
): ReturnType<typeof constraintsOf> {
  const columns = scanColumns(scan);
  const nameOf = (index: number) => table.schema.fields[columns[index] ?? -1]?.name ?? `#${index}`;
  return {
    constraints: { ...NO_CONSTRAINTS, ...nativeArguments(table) },
    kept: filters.flatMap(conjuncts).map((filter) => printFilter(filter, nameOf)),
  };
}

function conjuncts(filter: PlanExpression): readonly PlanExpression[] {
  return filter.kind === 'and' ? filter.children.flatMap(conjuncts) : [filter];
}

/** A limit may be pushed only below nothing that leaves rows out afterwards; and only to a connector that knows what to do with it. */
function topConstraints(
  top: ScanUse['top'],
  {
    exact,
    capabilities,
    table,
    pushdown,
  }: { readonly exact: boolean; readonly pushdown: PushdownOptions } & Pick<PlannedReference, 'capabilities' | 'table'>,
): Partial<Pick<Constraints, 'limit' | 'orderByClause'>> {
  if (!top || !exact || (top.order.length === 0 ? pushdown.limits : pushdown.topN) === false) return {};
  if (top.order.length === 0)
    return declares(capabilities, 'supports_limit_pushdown', 'integer_constant') ? { limit: top.limit } : {};
  if (!declares(capabilities, 'supports_top_n_pushdown', 'SUPPORTS_ORDER_BY')) return {};
  const orderByClause = top.order.flatMap(({ column, direction }) => {
    const columnName = table.schema.fields[column]?.name;
    return columnName === undefined ? [] : [{ columnName, direction }];
  });
  return orderByClause.length === top.order.length ? { limit: top.limit, orderByClause } : {};
}

function declares(capabilities: Capabilities, name: string, subType: string): boolean {
  return (capabilities[name] ?? []).some((capability) => capability.subType.toLowerCase() === subType.toLowerCase());
}

function supportedFunctions(capabilities: Capabilities): ReadonlySet<string> {
  const declared = (capabilities['supports_complex_expression_pushdown'] ?? []).filter(
    (capability) => capability.subType === 'supported_function_expression_types',
  );
  return new Set(declared.flatMap((capability) => capability.properties));
}
