import { singleValues } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import type { Partition, Properties } from '@ergane/sdk';
import type { Relation } from './catalog.ts';
import type { Query } from './connection.ts';
import type { PlannedColumns } from './planned-column.ts';
import { toQuery } from './to-query.ts';
import type { Source } from './to-query.ts';

/** What a split's properties say; text, because they travel through the engine. */
export interface SplitProperties {
  readonly source: Source;
  /** the pages to read; undefined: the relation whole */
  readonly pages: PageRange | undefined;
  /** everything has been read: what resumes a read after its last row */
  readonly done: boolean;
  /** why the table is divided as it is, for EXPLAIN */
  readonly reason: string;
}

export interface PageRange {
  readonly from: number;
  readonly to: number;
  /** read on to the end of the relation, for rows that were added since */
  readonly open: boolean;
  /** pages that one run of the statement reads */
  readonly step: number;
}

export function printSplit({ source, pages, done, reason }: SplitProperties): Properties {
  return {
    ...(done && { done: 'true' }),
    schema: source.schema,
    relation: source.relation,
    ...(source.only && { only: 'true' }),
    ...(pages && { from: String(pages.from), to: String(pages.to), step: String(pages.step) }),
    ...(pages?.open === true && { open: 'true' }),
    reason,
  };
}

export function parseSplit(properties: Properties): SplitProperties {
  const { schema = '', relation = '', only, from, to, step, open, done, reason = '' } = properties;
  const pages =
    from === undefined ? undefined : { from: Number(from), to: Number(to), step: Number(step), open: open === 'true' };
  return {
    source: { schema, relation, only: only === 'true', paged: pages !== undefined },
    pages,
    done: done === 'true',
    reason,
  };
}

/** The one split of a native query. */
export function nativeSplit(native: string): SplitProperties {
  const source: Source = { schema: '', relation: '', only: false, paged: false, native };
  return { source, pages: undefined, done: false, reason: 'a native query: one split' };
}

export interface LayoutScope {
  readonly query: Query;
  readonly relation: Relation;
  readonly columns: PlannedColumns;
  readonly constraints: Constraints;
  readonly splitBytes: number;
  readonly serverVersion: number;
}

/** TID Range Scan came with PostgreSQL 14; before, every range would read the whole table. */
const RANGES_SINCE = 140_000;
/** One run of a statement gives about so many rows and bytes, so that its end is the end of a batch: there a read may stop and resume. */
const RUN_ROWS = 50_000;
const RUN_BYTES = 8 * 1024 * 1024;
const MOST_SPLITS = 10_000;

/**
 * The parts of a table that the constraints leave, each with how it divides. PostgreSQL's own planner prunes: EXPLAIN of the pushed query
 * names the partitions that it would read, what they cost, and how. A query that is cheap as a whole (a key, a small table, LIMIT) stays
 * one split on the table itself.
 */
export async function findParts(scope: LayoutScope): Promise<readonly Partition[]> {
  const { relation, serverVersion, splitBytes } = scope;
  const { schemaName: schema, tableName } = relation.tableName;
  const whole = (reason: string): readonly Partition[] => [
    { properties: { schema, relation: tableName, pages: '0', pageBytes: '0', reason } },
  ];
  if (relation.kind === 'view' || relation.kind === 'foreign table') return whole(`a ${relation.kind}: one split`);
  const key = findPinnedKey(scope);
  if (key !== undefined) return whole(`unique key ${key.join(', ')}: one split`);
  const plan = await explain(scope);
  if (plan.scans.length === 0) return [];
  const pageCost = splitBytes / 8192;
  if (plan.cost <= 2 * pageCost) return whole(`${plan.scans.map(printScan).join(', ')}: cheap, one split`);
  if (relation.rowSecurity) return whole('row-level security: one split');
  const sizes = await findSizes(scope, plan.scans);
  if (!plan.scans.every((scan) => sizes.get(keyOf(scan))?.readable))
    return whole('partitions without SELECT for this user: one split');
  return plan.scans.map((scan) => {
    const size = sizes.get(keyOf(scan));
    const divided = scan.node.endsWith('Seq Scan') || scan.rows * scan.width > 4 * splitBytes;
    const hasPages = size !== undefined && size.pages > 0 && serverVersion >= RANGES_SINCE && divided;
    return {
      properties: {
        schema: scan.schema,
        relation: scan.relation,
        only: 'true',
        pages: String(hasPages ? size.pages : 0),
        pageBytes: String(hasPages ? Math.ceil(size.bytes / size.pages) : 0),
        pageRows: String(hasPages ? Math.ceil(size.pageRows) : 0),
        reason: printScan(scan),
      },
    };
  });
}

/** Page ranges of about `splitBytes`; the last one is open, for rows that are added meanwhile. */
export function* divideParts(partitions: readonly Partition[], splitBytes: number): Generator<Properties> {
  for (const { properties = {} } of partitions) {
    const { schema = '', relation = '', only, reason = '' } = properties;
    const [pages, pageBytes] = [Number(properties['pages']), Number(properties['pageBytes'])];
    const pageRows = Math.max(1, Number(properties['pageRows']));
    const source: Source = { schema, relation, only: only === 'true', paged: pages > 0 };
    if (pages === 0) {
      yield printSplit({ source, pages: undefined, done: false, reason });
      continue;
    }
    const count = Math.min(MOST_SPLITS, Math.max(1, Math.round((pages * pageBytes) / splitBytes)));
    const bound = (index: number): number => Math.floor((pages * index) / count);
    const step = Math.max(1, Math.floor(Math.min(RUN_ROWS / pageRows, RUN_BYTES / Math.max(1, pageBytes))));
    for (let index = 0; index < count; index++) {
      const range = { from: bound(index), to: bound(index + 1), open: index === count - 1, step };
      yield printSplit({ source, pages: range, done: false, reason: `${reason}: page range ${index + 1} of ${count}` });
    }
  }
}

const MOST_KEYS = 1000;

/** A unique key whose every column the condition gives a few values: its index finds them, and the planner need not be asked. */
function findPinnedKey({ relation, columns, constraints }: LayoutScope): readonly string[] | undefined {
  const count = (name: string): number => {
    const set = constraints.summary[name];
    const type = columns.get(name)?.type;
    const isIndexed = type !== undefined && (type.cast === undefined || type.comparison === 'uuid');
    if (set === undefined || set.nullAllowed || !isIndexed || columns.get(name)?.source.deterministic !== true)
      return Infinity;
    return singleValues(set)?.length ?? Infinity;
  };
  return relation.keys.find(
    (key) => key.length > 0 && key.reduce((product, name) => product * count(name), 1) <= MOST_KEYS,
  );
}

interface Scan {
  readonly schema: string;
  readonly relation: string;
  /** EXPLAIN's name, such as `Index Scan` */
  readonly node: string;
  readonly rows: number;
  readonly width: number;
}

const keyOf = ({ schema, relation }: Scan): string => JSON.stringify([schema, relation]);
const printScan = ({ node, relation, rows }: Scan): string => `${node} on ${relation} (about ${rows} rows)`;

async function explain({ query, relation, columns, constraints }: LayoutScope): Promise<{
  readonly cost: number;
  readonly scans: readonly Scan[];
}> {
  const { schemaName: schema, tableName } = relation.tableName;
  const source: Source = { schema, relation: tableName, only: false, paged: false };
  const { sql, parameters } = toQuery({ source, selected: [...columns.values()], columns, constraints }).query;
  const rows = await query(`explain (verbose, format json) ${sql}`, parameters);
  const answer: unknown = rows[0]?.[0];
  const [root] = membersOf(answer, 'Plan');
  const scans = [...findScans(root)];
  return { cost: Number(memberOf(root, 'Total Cost') ?? 0), scans };
}

function* findScans(node: unknown): Generator<Scan> {
  const relation = memberOf(node, 'Relation Name');
  if (typeof relation === 'string')
    yield {
      schema: String(memberOf(node, 'Schema')),
      relation,
      node: String(memberOf(node, 'Node Type')),
      rows: Number(memberOf(node, 'Plan Rows')),
      width: Number(memberOf(node, 'Plan Width')),
    };
  const children = memberOf(node, 'Plans');
  // the index scan below a bitmap heap scan names no relation
  if (Array.isArray(children)) for (const child of children) yield* findScans(child);
}

function membersOf(value: unknown, name: string): readonly unknown[] {
  return Array.isArray(value) ? value.map((item) => memberOf(item, name)) : [];
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}

interface Size {
  readonly pages: number;
  /** with what is stored out of line */
  readonly bytes: number;
  /** rows of a page, about */
  readonly pageRows: number;
  readonly readable: boolean;
}

async function findSizes({ query }: LayoutScope, scans: readonly Scan[]): Promise<ReadonlyMap<string, Size>> {
  const rows = await query(
    `select n.nspname, c.relname, c.relkind in ('r', 'm', 't') as paged, pg_relation_size(c.oid) / current_setting('block_size')::int8,
       pg_table_size(c.oid), case when c.relpages > 0 and c.reltuples > 0 then c.reltuples / c.relpages else 100 end,
       has_table_privilege(c.oid, 'SELECT') and not (c.relrowsecurity and row_security_active(c.oid))
     from unnest($1::text[], $2::text[]) s(schema, relation)
     join pg_catalog.pg_namespace n on n.nspname = s.schema
     join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = s.relation`,
    [scans.map((scan) => scan.schema), scans.map((scan) => scan.relation)],
  );
  return new Map(
    rows.map(([schema, relation, paged, pages, bytes, pageRows, readable]) => [
      JSON.stringify([schema, relation]),
      {
        pages: paged === true ? Number(pages) : 0,
        bytes: Number(bytes),
        pageRows: Number(pageRows),
        readable: readable === true,
      },
    ]),
  );
}
