import type { TestContext } from 'node:test';
import { openSource } from '../real-sources.ts';
import type { RealSource } from '../real-sources.ts';
import type { OpenedTable } from './opened-table.ts';
import { makeRows, VALUES } from './values.ts';

type Columns = Readonly<Record<string, readonly [type: string, values: string]>>;

/** Columns of the table: their types there, and the logical column that their values are of. */
const POSTGRESQL: Columns = {
  i: ['int', 'i'],
  b: ['bigint', 'b'],
  d: ['numeric(38,6)', 'd'],
  n: ['numeric', 'd'],
  s: ['text', 's'],
  si: ['text collate "en-x-icu"', 's'],
  c: ['char(5)', 'c'],
  x: ['float8', 'x'],
  r: ['float4', 'r'],
  day: ['date', 'day'],
  ts: ['timestamp', 'ts'],
  z: ['timestamptz', 'z'],
  v: ['bytea', 'v'],
  f: ['boolean', 'f'],
};
const MYSQL: Columns = {
  i: ['int', 'i'],
  b: ['bigint', 'b'],
  d: ['decimal(38,6)', 'd'],
  s: ['varchar(40) collate utf8mb4_general_ci', 's'],
  si: ['varchar(40) collate utf8mb4_bin', 's'],
  su: ['varchar(40) collate utf8mb4_unicode_ci', 's'],
  c: ['char(5)', 'c'],
  e: ["enum('a','A','ab','abcde','','ä') collate utf8mb4_bin", 'c'],
  x: ['double', 'x'],
  r: ['float', 'r'],
  day: ['date', 'day'],
  ts: ['datetime(6)', 'ts'],
  t3: ['datetime(3)', 'ts'],
  z: ['timestamp(6) null', 'ts'],
  v: ['varbinary(10)', 'v'],
  f: ['bit(1)', 'f'],
};

function literal(text: string | null | undefined, kind: string, source: RealSource): string {
  if (text === null || text === undefined) return 'null';
  if (kind === 'bytes') return source === 'postgresql' ? `'\\x${text}'` : text === '' ? "''" : `x'${text}'`;
  if (kind === 'boolean' && source !== 'postgresql') return text;
  const quoted = text.replaceAll("'", "''");
  return `'${source === 'postgresql' ? quoted : quoted.replaceAll('\\', '\\\\')}'`;
}

/** A table of random rows on a server of SQL. Undefined: there is no server, the test is skipped. */
export async function openSqlTable(
  context: TestContext,
  source: RealSource,
  pick: (count: number) => number,
): Promise<OpenedTable | undefined> {
  const opened = await openSource(context, source);
  if (opened === undefined) return undefined;
  const columns = source === 'postgresql' ? POSTGRESQL : MYSQL;
  const list = Object.entries(columns).map(([name, [type]]) => `${name} ${type}`);
  const rows = makeRows(
    Object.values(columns).map(([, values]) => values),
    pick,
    { special: source === 'postgresql' },
  );
  const tuples = rows.map((row, id) => {
    const values = Object.values(columns).map(([, from]) => {
      return literal(row[from], VALUES[from]?.kind ?? '', source);
    });
    return `(${[id, ...values].join(', ')})`;
  });
  await opened.run(
    `create table t (id int primary key, ${list.join(', ')})`,
    ...['i', 's', 'day', 'ts', 'd'].map((name) => `create index t_${name} on t (${name})`),
    `insert into t values ${tuples.join(', ')}`,
    source === 'postgresql' ? 'analyze t' : 'analyze table t',
  );
  return {
    parts: opened.parts,
    catalog: 'c',
    schema: opened.schema,
    name: 't',
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
