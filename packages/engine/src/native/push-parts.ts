import { ErganeError } from '@ergane/protocol';
import type { QueryResolver, TableReference } from '../catalog/catalogs.ts';
import type { FederatedCatalog, FederatedTable } from '../catalog/federated-catalog.ts';
import type { DuckdbWorker } from '../duckdb/duckdb-worker.ts';
import type { ScanTable } from '../duckdb/worker-messages.ts';
import { object, parsePlan, text } from '../plan/duckdb-plan.ts';
import type { PlanNode } from '../plan/duckdb-plan.ts';
import type { DuckdbTypeId } from '../plan/plan-expression.ts';
import type { QueryContext } from '../query-context.ts';
import { chooseParts, outermostParts } from '../sql/analyze/pushable.ts';
import type { PushablePart } from '../sql/analyze/pushable.ts';
import type { CompiledQuery } from '../sql/compiled-statement.ts';
import { nativeQuery, printNativeQuery } from './native-relation.ts';
import type { NativePlan } from './native-relation.ts';
import { NotNative, stay, typeName } from './native-value.ts';

/** A query of which sources answer parts: its text, and the tables that it still reads. */
export interface PushedQuery {
  readonly sql: string;
  readonly references: readonly TableReference[];
  /** what stayed in the engine though one SQL source has all of it, and why: for EXPLAIN */
  readonly notes: readonly string[];
}

/** One invocation has to compute the answer: more rows than these (an estimate) are read in splits. */
const MOST_ROWS = 200_000_000;
/** rows that a group is taken to have, for the order of joins */
const GROUP_ROWS = 20;

/**
 * Gives the parts of a query that live in one SQL source to that source, as native queries, where the answer is the same. Which are such
 * DuckDB's plan of the part says: every operator and expression of it must be one that the source computes alike.
 */
export async function pushParts(
  context: QueryContext,
  {
    worker,
    compiled,
    resolver,
    tables,
  }: {
    readonly worker: DuckdbWorker;
    readonly compiled: CompiledQuery;
    readonly resolver: QueryResolver;
    readonly tables: readonly ScanTable[];
  },
): Promise<PushedQuery> {
  const { references } = resolver;
  const { marked } = compiled;
  if (
    context.pushdown.aggregates === false ||
    !marked ||
    marked.parts.length === 0 ||
    !references.some(({ table }) => sqlOf(table))
  )
    return { sql: compiled.duckdbSql, references, notes: [] };
  const answers = new Map<number, string>();
  const added: TableReference[] = [];
  const notes: string[] = [];
  const pending = [...outermostParts(marked.text, marked.parts)];
  for (let part = pending.shift(); part; part = pending.shift()) {
    const query = chooseParts(part.query, marked.parts, new Map());
    const within = references.filter(({ id }) => query.includes(`ergane_scan(${id})`));
    const source = oneSource(within);
    try {
      if (!source) throw new NotNative('');
      const id = references.length + added.length;
      const found = await pushPart(context, { worker, tables, part, query, within, source, id });
      added.push({ id, table: found.table });
      answers.set(part.id, found.answer);
    } catch (error) {
      if (!(error instanceof NotNative)) throw error;
      if (source && error.message !== '')
        notes.push(`stays in the engine, not given to ${source.name}: ${error.message}`);
      pending.unshift(...outermostParts(part.plain, marked.parts));
    }
  }
  const sql = chooseParts(marked.text, marked.parts, answers);
  const kept = references.filter(
    ({ id, table }) => table.catalog.kind === 'files' || sql.includes(`ergane_scan(${id})`),
  );
  return { sql, references: [...kept, ...added], notes };
}

function sqlOf(table: TableReference['table']): FederatedTable['sql'] {
  return 'sql' in table ? table.sql : undefined;
}

/** The catalog that has all of the tables and can be asked in SQL. */
function oneSource(references: readonly TableReference[]): FederatedCatalog | undefined {
  const [first] = references;
  const catalog = first?.table.catalog;
  if (catalog?.kind !== 'federated') return undefined;
  return references.every(({ table }) => table.catalog === catalog && sqlOf(table)) ? catalog : undefined;
}

interface PartRequest {
  readonly worker: DuckdbWorker;
  readonly tables: readonly ScanTable[];
  readonly part: PushablePart;
  readonly query: string;
  readonly within: readonly TableReference[];
  readonly source: FederatedCatalog;
  /** of the scan that will read the answer */
  readonly id: number;
}

async function pushPart(
  context: QueryContext,
  { worker, tables, part, query, within, source, id }: PartRequest,
): Promise<{ readonly table: FederatedTable; readonly answer: string }> {
  const rows = within.reduce((sum, { table }) => sum + (table.rowCount ?? 0), 0);
  if (rows > MOST_ROWS) stay(`its tables have about ${rows} rows, too many for one invocation`);
  const plan = parsePlan((await worker.plan({ sql: query, tables })).json);
  if ('problem' in plan)
    return stay(/binder error/i.test(plan.problem) ? '' : `its plan cannot be told (${plan.problem})`);
  const { native, mayOverflow } = translate(plan.root, within);
  const types = outputTypes(plan.root);
  if (types.length !== part.columns.length) return stay('its columns are not known');
  const rowCount = native.includes(' GROUP BY ') ? Math.ceil(rows / GROUP_ROWS) : 1;
  const table = await describe(context, source, { native, rowCount });
  const list = types.map((type, index) => `CAST(n.c${index} AS ${typeName(type)}) AS ${part.columns[index] ?? ''}`);
  // constraints of such a query could leave out the group whose sum is an error
  return {
    table: { ...table, isPushed: !mayOverflow },
    answer: `SELECT ${list.join(', ')} FROM ergane_scan(${id}) AS n`,
  };
}

function translate(
  root: PlanNode,
  within: readonly TableReference[],
): { readonly native: string; readonly mayOverflow: boolean } {
  let count = 0;
  const entries = within.flatMap((reference) => {
    const sql = sqlOf(reference.table);
    return sql ? [[reference.id, { reference, sql }] as const] : [];
  });
  const dialect = entries[0]?.[1].sql.dialect;
  if (!dialect) return stay('the source announced no dialect');
  const plan: NativePlan = { dialect, tables: new Map(entries), freshName: () => `e${count++}` };
  const query = nativeQuery(root, plan);
  const mayOverflow = query.columns.some((column) => column.mayOverflow === true);
  return { native: printNativeQuery(query, dialect), mayOverflow };
}

async function describe(
  context: QueryContext,
  source: FederatedCatalog,
  { native, rowCount }: { readonly native: string; readonly rowCount: number },
): Promise<FederatedTable> {
  try {
    const [name, args] = [
      { schemaName: 'system', tableName: 'query' },
      { schemaFunctionName: 'SYSTEM.QUERY', QUERY: native },
    ];
    return { ...(await source.getNativeTable(name, args, context)), isPushed: true, rowCount };
  } catch (error) {
    if (!(error instanceof ErganeError) || error.code === 'QUERY_CANCELLED') throw error;
    return stay(`the source refuses it (${error.message})`);
  }
}

/** DuckDB's types of an operator's output; empty where they cannot be told. */
function outputTypes(node: PlanNode): readonly DuckdbTypeId[] {
  const [first] = node.children;
  switch (node.type) {
    case 'LOGICAL_PROJECTION':
      return node.objects('expressions').map(typeOf);
    case 'LOGICAL_AGGREGATE_AND_GROUP_BY':
      return [...node.objects('groups'), ...node.objects('expressions')].map(typeOf);
    case 'LOGICAL_FILTER':
    case 'LOGICAL_DISTINCT':
      return first ? outputTypes(first) : [];
    default:
      return [];
  }
}

function typeOf(expression: Readonly<Record<string, unknown>>): DuckdbTypeId {
  const constant = object(expression, 'value');
  const type = 'type' in constant ? object(constant, 'type') : object(expression, 'return_type');
  const info = object(type, 'type_info');
  const id = text(type, 'id');
  return id === ''
    ? stay('a column whose type is not known')
    : { id, width: Number(info['width'] ?? 0), scale: Number(info['scale'] ?? 0) };
}
