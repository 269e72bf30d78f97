import { makeTemporaryFolder } from '@ergane/testing';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Io } from '../src/io.ts';
import { complete } from '../src/shell/complete.ts';
import { openHistory } from '../src/shell/history.ts';
import { makeNames } from '../src/shell/names.ts';
import { runShell } from '../src/shell/shell.ts';
import { makeMemoryEngine, makeMemorySession } from './memory-engine.ts';

interface Typed {
  readonly terminal: boolean;
  readonly lines?: readonly string[];
  readonly firstLines?: readonly string[];
}

/** A shell whose user types lines; answers what it showed. */
async function type({ terminal, lines = [], firstLines = [] }: Typed) {
  const engine = makeMemoryEngine();
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const io: Io = { stdin, stdout, stderr, environment: {}, folder: '/', signal: new AbortController().signal };
  const history = await openHistory(undefined);
  const running = runShell({
    session: makeMemorySession(engine),
    io,
    history,
    format: 'csv',
    verbose: false,
    terminal,
    firstLines,
  });
  stdin.write(lines.map((line) => `${line}\n`).join(''));
  // who leaves a terminal does not close it
  if (!terminal) stdin.end();
  const code = await running;
  stdout.end();
  stderr.end();
  return { code, output: await text(stdout), errors: await text(stderr), engine, history };
}

test('a script runs statement by statement; an error ends the statement and decides the exit code', async () => {
  const { code, output, errors, engine } = await type({
    terminal: false,
    lines: ['select 1; fail TABLE_NOT_FOUND; select', ' 2;', 'select * from shop.public.orders'],
  });
  assert.equal(output, '"_col0"\n"1"\n"_col0"\n"1"\n"order_id","Customer Name"\n"1","Ann"\n"2",\n');
  assert.equal(errors, 'TABLE_NOT_FOUND: it failed as it was told to (line 1, column 6)\n');
  assert.deepEqual(engine.statements, [
    'select 1',
    'fail TABLE_NOT_FOUND',
    'select\n 2',
    'select * from shop.public.orders',
  ]);
  assert.equal(code, 1);
});

test('\\q leaves: what follows is not run', async () => {
  const { code, engine } = await type({ terminal: false, lines: ['select 1;', '\\q', 'select 2;'] });
  assert.deepEqual(engine.statements, ['select 1']);
  assert.equal(code, 0);
});

test('first lines are run before what is typed', async () => {
  const { output, engine } = await type({
    terminal: false,
    firstLines: ['select', '1;', '\\echo and then'],
    lines: ['create x;'],
  });
  assert.deepEqual(engine.statements, ['select\n1', 'create x']);
  assert.equal(output, '"_col0"\n"1"\nand then\n');
});

test('USE and \\use change what names mean; a wrong one is an error with a suggestion', async () => {
  const { errors, engine } = await type({
    terminal: false,
    lines: ['use shop.public;', 'select 1;', '\\use sales', 'select 2;', 'use shop.pubic;', 'use shob.public;'],
  });
  assert.deepEqual(engine.statements, ['select 1 @shop.public', 'select 2 @shop.sales']);
  assert.match(errors, /SCHEMA_NOT_FOUND: catalog "shop" has no schema "pubic"; did you mean "public"\?/);
  assert.match(errors, /CATALOG_NOT_FOUND: there is no catalog "shob"; did you mean "shop"\?/);
});

test('on a terminal: prompts, places, several lines, one entry of history a statement', async () => {
  const { code, output, history } = await type({
    terminal: true,
    lines: ['select', "  'a", "b' -- c", ';', 'use shop.public;', '\\format', 'exit;'],
  });
  assert.match(output, /ergane> /);
  assert.match(output, / {5}-> /);
  assert.match(output, /ergane:shop\.public> /);
  assert.match(output, /csv\n/);
  assert.deepEqual(history.entries.slice(-2), ['use shop.public;', "select 'a\nb';"]);
  assert.equal(code, 0);
});

test('Ctrl-C cancels the query and not the shell', async () => {
  const engine = makeMemoryEngine();
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const io: Io = { stdin, stdout, stderr, environment: {}, folder: '/', signal: new AbortController().signal };
  const history = await openHistory(undefined);
  const running = runShell({
    session: makeMemorySession(engine),
    io,
    history,
    format: 'csv',
    verbose: false,
    terminal: true,
  });
  stdin.write('wait;\n');
  await engine.untilRun(1);
  stdin.write('\u0003select 1;\n');
  await engine.untilRun(2);
  stdin.write('half a statement\n\u0003');
  stdin.end('select 2;\n\u0004');
  assert.equal(await running, 0);
  stdout.end();
  stderr.end();
  assert.equal(await text(stderr), 'QUERY_CANCELLED: cancelled\n');
  assert.deepEqual(engine.statements, ['wait', 'select 1', 'select 2']);
});

test('the history outlives the session, newest first, without doubles', async () => {
  await using folder = await makeTemporaryFolder();
  const file = path.join(folder.path, 'deep', 'history');
  const first = await openHistory(file);
  for (const statement of ['select 1;', "select 'a\nb';", 'select 1;']) await first.add(statement);
  assert.deepEqual((await openHistory(file)).entries, ['select 1;', "select 'a\nb';"]);
  assert.equal((await readFile(file, 'utf8')).split('\n').length, 4);
});

const COMPLETIONS: readonly (readonly [
  text: string,
  candidates: readonly string[],
  place?: readonly [string, string],
])[] = [
  ['select * from sho', ['shop', 'show']],
  ['select * from shop.', ['shop.public', 'shop.sales']],
  ['select * from shop.public.', ['shop.public.orders', 'shop.public.parts']],
  ['select * from shop.public.o', ['shop.public.orders']],
  ['select o. from shop.public.orders o where o.', ['o."Customer Name"', 'o.order_id']],
  ['select * from shop.public.orders where cust', ['"Customer Name"']],
  ['select * from shop.public.orders o where or', ['or', 'order', 'order_id']],
  ['select * from ord', ['order', 'orders'], ['shop', 'public']],
  ['select * from orders where orders.', ['orders."Customer Name"', 'orders.order_id'], ['shop', 'public']],
  ['select * from public.', ['public.orders', 'public.parts'], ['shop', 'public']],
  ['select * from nothing.', []],
  ['expl', ['explain']],
];

test('completion', async () => {
  for (const [typed, expected, [catalog, schema] = []] of COMPLETIONS) {
    const session = makeMemorySession(makeMemoryEngine(), {
      ...(catalog !== undefined && { catalog }),
      ...(schema !== undefined && { schema }),
    });
    const { candidates } = await complete(typed, { names: makeNames(session), place: session.place });
    assert.deepEqual(candidates, expected, typed);
  }
});
