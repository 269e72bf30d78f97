// SQL text to DuckDB SQL: parse, analyse and translate, each statement of the corpus warm, and the first one in a fresh process.
// usage: ERGANE_SQL_CORPUS=<folder> npm run bench benchmarks/sql-front-end.ts   (default: the repository's own, smaller corpus)
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compileQuery, parseStatement, type TableResolver } from '../packages/engine/src/sql/index.ts';
import { readFamilies, type CorpusCase } from '../packages/engine/test/corpus/corpus-case.ts';
import { corpusTables } from '../packages/engine/test/corpus/corpus-tables.ts';
import { printFigures, printTarget, summarise, timeMs } from './support/measure.ts';

const ROUNDS = 7;
const engine = fileURLToPath(new URL('../packages/engine/', import.meta.url));
const folder = process.env['ERGANE_SQL_CORPUS'] ?? path.join(engine, 'test/fixtures/sql');

const tables = new Map<string, TableResolver>();
const none: TableResolver = { resolveTable: ({ table }) => Promise.reject(new Error(`no table ${table}`)) };

function tablesOf({ data }: CorpusCase): TableResolver {
  if (data === undefined) return none;
  const known = tables.get(data) ?? remembering(corpusTables(folder, data));
  tables.set(data, known);
  return known;
}

/** A catalog has its tables at hand; the corpus reads the type of every column anew. */
function remembering(resolver: TableResolver): TableResolver {
  const known = new Map<string, ReturnType<TableResolver['resolveTable']>>();
  return {
    resolveTable(name) {
      const table = known.get(name.table) ?? resolver.resolveTable(name);
      known.set(name.table, table);
      return table;
    },
  };
}

async function compile(test: CorpusCase): Promise<void> {
  const statement = parseStatement(test.sql);
  if (statement.kind === 'query') await compileQuery(statement.query, { resolver: tablesOf(test), session: {} });
}

/** The median time of a statement in milliseconds; undefined for one that is refused: that ends early. */
async function measure(test: CorpusCase): Promise<number | undefined> {
  const times: number[] = [];
  try {
    for (let round = -1; round < ROUNDS; round++) {
      const ms = await timeMs(() => compile(test));
      if (round >= 0) times.push(ms);
    }
  } catch {
    return undefined;
  }
  return summarise(times).median;
}

const families = [...readFamilies(folder)];
// one round warms the machine code of all that follows
for (const [, cases] of families) for (const test of cases) await compile(test).catch(() => undefined);
const all: number[] = [];
for (const [family, cases] of families) {
  const times: number[] = [];
  for (const test of cases) {
    const ms = await measure(test);
    if (ms === undefined) continue;
    times.push(ms);
    if (/^tpcds-q14/.test(test.id)) printTarget(`${test.id}, median ms`, ms, { atMost: 30 });
  }
  if (times.length > 0) printFigures(`${family} (${times.length} statements)`, summarise(times));
  all.push(...times);
}
const figures = summarise(all);
printFigures(`the corpus (${all.length} statements)`, figures);
printTarget('parse, analyse and translate, median ms of a statement', figures.median, { atMost: 3 });

/** The front end as one file with its grammar beside, as it is built: loading TypeScript would be most of the time. */
async function bundleFrontEnd(into: string): Promise<string> {
  const grammar = 'generated/trino-grammar.cjs';
  await mkdir(path.join(into, 'generated'));
  await copyFile(path.join(engine, 'src/sql', grammar), path.join(into, grammar));
  const outfile = path.join(into, 'parse', 'front-end.mjs');
  await build({
    stdin: {
      contents: `import { compileQuery } from './compile-query.ts';
import { parseStatement } from './parse/parse-statement.ts';
export async function compile(sql) {
  const { query } = parseStatement(sql);
  return (await compileQuery(query, { resolver: {}, session: {} })).duckdbSql;
}`,
      resolveDir: path.join(engine, 'src/sql'),
    },
    bundle: true,
    conditions: ['source'],
    format: 'esm',
    platform: 'node',
    minify: true,
    outfile,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
}

const temporary = await mkdtemp(path.join(tmpdir(), 'ergane-bench-'));
try {
  const bundle = await bundleFrontEnd(temporary);
  const script = `const from = performance.now();
const { compile } = await import(${JSON.stringify(bundle)});
await compile('SELECT 1');
process.stdout.write(String(performance.now() - from));`;
  const times = Array.from({ length: 10 }, () => {
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    return Number(child.stdout);
  });
  printFigures('first statement of a process, its code loaded', summarise(times));
  printTarget('first statement of a process, median ms', summarise(times).median, { atMost: 250 });
} finally {
  await rm(temporary, { recursive: true, force: true });
}
