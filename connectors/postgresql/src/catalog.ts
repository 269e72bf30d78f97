import type { TableName } from '@ergane/protocol';
import type { Query } from './connection.ts';

/** A column as the source has it; a domain is told as its base type. */
export interface SourceColumn {
  readonly name: string;
  /** as PostgreSQL writes it, such as `numeric(12,2)` */
  readonly typeName: string;
  readonly oid: number;
  /** type modifier, -1: none */
  readonly modifier: number;
  /** declared dimensions of an array; views and copied tables have 0 */
  readonly dimensions: number;
  /** of arrays */
  readonly element?: { readonly oid: number; readonly modifier: number };
  /** equal strings have equal bytes: all collations but ICU's nondeterministic ones */
  readonly deterministic: boolean;
}

/** `pg_class.relkind` of what can be read. */
export type RelationKind = 'table' | 'partitioned' | 'view' | 'materialized view' | 'foreign table';

export interface Relation {
  readonly tableName: TableName;
  readonly oid: number;
  readonly kind: RelationKind;
  readonly columns: readonly SourceColumn[];
  /** estimates of the table and its children; undefined where the source has never counted */
  readonly rowCount: number | undefined;
  readonly totalBytes: number | undefined;
  /** columns of each unique index over columns of all rows */
  readonly keys: readonly (readonly string[])[];
  /** row-level security holds for who reads this table */
  readonly rowSecurity: boolean;
}

const KINDS: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitioned',
  v: 'view',
  m: 'materialized view',
  f: 'foreign table',
};

/** Schemas that the user may look into, without PostgreSQL's own. */
export async function listSchemas(query: Query): Promise<readonly string[]> {
  const rows = await query(
    `select nspname from pg_catalog.pg_namespace
     where nspname not like 'pg\\_%' and nspname <> 'information_schema' and has_schema_privilege(oid, 'USAGE')
     order by nspname collate "C"`,
    [],
  );
  return rows.map(([name]) => String(name));
}

/** Tables, views, materialized views and foreign tables after `after`, by name; partitions are read through their table. */
export async function listTables(
  query: Query,
  schemaName: string,
  page: { readonly after?: string | undefined; readonly size?: number | undefined },
): Promise<readonly string[]> {
  const rows = await query(
    `select c.relname from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
       and ($2::text is null or c.relname::text collate "C" > $2)
       and (has_table_privilege(c.oid, 'SELECT') or has_any_column_privilege(c.oid, 'SELECT'))
     order by c.relname::text collate "C" limit $3`,
    [schemaName, page.after ?? null, page.size ?? null],
  );
  return rows.map(([name]) => String(name));
}

/** One row a column: the relation's own facts come with each. */
const DESCRIBE = `
with recursive relation as (
  select c.oid, c.relkind, c.relrowsecurity and row_security_active(c.oid) as row_security
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f')
), members as (
  select oid from relation
  union
  select i.inhrelid from members m join pg_catalog.pg_inherits i on i.inhparent = m.oid
), size as (
  select sum(case when c.reltuples >= 0 then c.reltuples end) as rows,
    sum(case when c.reltuples >= 0 then c.relpages end) * current_setting('block_size')::int8 as bytes
  from members m join pg_catalog.pg_class c on c.oid = m.oid and c.relkind in ('r', 'm', 'f')
), chain as (
  select a.attnum, a.atttypid as type, a.atttypmod as modifier, a.attndims::int4 as dimensions, 0 as depth
  from relation r join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  union all
  select c.attnum, t.typbasetype, case when c.modifier = -1 then t.typtypmod else c.modifier end,
    greatest(c.dimensions, t.typndims), c.depth + 1
  from chain c join pg_catalog.pg_type t on t.oid = c.type and t.typtype = 'd'
), keys as (
  select jsonb_agg((
    select jsonb_agg(a.attname::text order by k.place) from unnest(i.indkey::int2[]) with ordinality k(attnum, place)
    join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum where k.place <= i.indnkeyatts
  )) as columns
  from relation r join pg_catalog.pg_index i on i.indrelid = r.oid
  where i.indisunique and i.indisvalid and i.indpred is null and i.indexprs is null
), base as (
  select distinct on (attnum) * from chain order by attnum, depth desc
)
select r.oid, r.relkind, r.row_security, s.rows, s.bytes, k.columns, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
  b.type, b.modifier, b.dimensions,
  case when t.typcategory = 'A' and t.typlen = -1 and t.typelem <> 0 then t.typelem end as element,
  coalesce(l.collisdeterministic, true)
from relation r cross join size s cross join keys k
left join pg_catalog.pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
left join base b on b.attnum = a.attnum
left join pg_catalog.pg_type t on t.oid = b.type
left join pg_catalog.pg_collation l on l.oid = a.attcollation
order by a.attnum`;

/** @returns undefined when there is no such table */
export async function findRelation(query: Query, tableName: TableName): Promise<Relation | undefined> {
  const rows = await query(DESCRIBE, [tableName.schemaName, tableName.tableName]);
  const [first] = rows;
  if (first === undefined) return undefined;
  const [oid, kind, rowSecurity, rowCount, totalBytes, keys] = first;
  return {
    tableName,
    oid: Number(oid),
    kind: KINDS[String(kind)] ?? 'table',
    rowSecurity: rowSecurity === true,
    rowCount: rowCount === null ? undefined : Number(rowCount),
    totalBytes: totalBytes === null ? undefined : Number(totalBytes),
    keys: Array.isArray(keys) ? keys.filter(Array.isArray).map((key) => key.map(String)) : [],
    columns: rows.filter((row) => row[6] !== null).map(readColumn),
  };
}

function readColumn(row: readonly unknown[]): SourceColumn {
  const [name, typeName, oid, modifier, dimensions, element, deterministic] = row.slice(6);
  return {
    name: String(name),
    typeName: String(typeName),
    oid: Number(oid),
    modifier: Number(modifier),
    dimensions: Number(dimensions),
    ...(element !== null && { element: { oid: Number(element), modifier: Number(modifier) } }),
    deterministic: deterministic === true,
  };
}

/** The columns of a query's answer, as the server announced them. */
export async function findColumnTypes(
  query: Query,
  columns: readonly { readonly name: string; readonly type: number; readonly modifier: number }[],
): Promise<readonly SourceColumn[]> {
  const rows = await query(
    `select t.oid, pg_catalog.format_type(t.oid, null),
       case when t.typcategory = 'A' and t.typlen = -1 and t.typelem <> 0 then t.typelem end
     from pg_catalog.pg_type t where t.oid = any($1::oid[])`,
    [columns.map((column) => column.type)],
  );
  const types = new Map(rows.map(([oid, name, element]) => [Number(oid), { name, element }]));
  return columns.map(({ name, type, modifier }) => {
    const found = types.get(type);
    const element = found?.element;
    return {
      name,
      typeName: String(found?.name ?? type),
      oid: type,
      modifier,
      dimensions: 1,
      ...(typeof element === 'number' && { element: { oid: element, modifier } }),
      deterministic: true,
    };
  });
}
