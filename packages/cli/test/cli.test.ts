import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { tableFromIPC } from 'apache-arrow';
import { finish, makeWorkplace, type Workplace } from './run-cli.ts';

let place: Workplace;
before(async () => {
  place = await makeWorkplace();
});
after(async () => {
  assert.deepEqual(await place.livingFunctions(), [], 'functions that outlived their command line');
  assert.deepEqual(
    await listFiles(path.join(place.folder, '.ergane', 'spill')),
    [],
    'objects that outlived their query',
  );
  await place[Symbol.asyncDispose]();
});

async function listFiles(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

const NUMBERS = 'select n, label from t.main.numbers order by n';

test('a query over a function, in every text format; a pipe gets no progress', async () => {
  const expected = {
    table: ' n | label\n---+------------\n 1 | one\n 2 | NULL\n 3 | say "three"\n(3 rows)\n'
      .replace(/^.*\n.*\n/, 'n | label\n--+------------\n')
      .replace(/^ /gm, ''),
    csv: '"n","label"\n"1","one"\n"2",\n"3","say ""three"""\n',
    tsv: 'n\tlabel\n1\tone\n2\t\\N\n3\tsay "three"\n',
    json: '[\n{"n":1,"label":"one"},\n{"n":2,"label":null},\n{"n":3,"label":"say \\"three\\""}\n]\n',
    ndjson: '{"n":1,"label":"one"}\n{"n":2,"label":null}\n{"n":3,"label":"say \\"three\\""}\n',
  };
  for (const [format, output] of Object.entries(expected)) {
    const outcome = await place.run(['query', '--format', format, NUMBERS]);
    assert.deepEqual(outcome, { code: 0, output, errors: '' }, format);
  }
});

test('binary formats go to files and pipes', async () => {
  const file = path.join(place.folder, 'out.parquet');
  assert.deepEqual(await place.run(['query', '--format', 'parquet', '-o', file, NUMBERS]), {
    code: 0,
    output: '',
    errors: '',
  });
  assert.equal((await readFile(file)).subarray(0, 4).toString(), 'PAR1');
  const child = place.start('query', '--format=arrow', NUMBERS);
  child.stdin.end();
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk as Buffer);
  assert.equal(tableFromIPC(Buffer.concat(chunks)).numRows, 3);
});

test('SQL from the standard input and from a file, several statements, USE', async () => {
  const script = 'use t.main; -- here\nselect n from numbers where n > 2;\nselect 1 as one';
  const output = '"n"\n"3"\n"one"\n"1"\n';
  assert.deepEqual(await place.run(['query', '--format=csv'], script), { code: 0, output, errors: '' });
  const file = path.join(place.folder, 'script.sql');
  await writeFile(file, script);
  assert.deepEqual(await place.run(['query', '--format=csv', '-f', file]), { code: 0, output, errors: '' });
  assert.deepEqual(await place.run(['shell', '--format=csv'], script), { code: 0, output, errors: '' });
  const placed = await place.run([
    'query',
    '--format=csv',
    '--catalog',
    't',
    '--schema',
    'main',
    'select count(*) as c from nothing',
  ]);
  assert.equal(placed.output, '"c"\n"0"\n');
});

const FAILURES: readonly (readonly [argv: readonly string[], code: number, errors: RegExp])[] = [
  [['query', 'selec 1'], 1, /^SYNTAX_ERROR: .*\n$/],
  [['query', 'select * from t.main.number'], 1, /^TABLE_NOT_FOUND: .*number.*\n$/],
  [['query', 'select * from x.main.numbers'], 1, /^CATALOG_NOT_FOUND: .*\n$/],
  [['query', 'select nn from t.main.numbers'], 1, /^COLUMN_NOT_FOUND: .*nn.*\n$/],
  [['query', '--config', 'none.yaml', 'select 1'], 1, /^CONFIG_INVALID: the configuration .*none\.yaml cannot be read/],
  [['query', 'select 1', 'select 2'], 2, /^usage: one text of SQL is expected, not 2/],
  [['query', '--format', 'xml', 'select 1'], 2, /^usage: there is no format "xml"/],
  [['query', '-f', 'none.sql'], 2, /^usage: the file of SQL cannot be read: ENOENT/],
  [['query', ' -- nothing'], 2, /^usage: there is no statement/],
  [['query', '--format=parquet', 'select 1; select 2'], 2, /^usage: format parquet holds the result of one statement/],
  [['frobnicate'], 2, /^usage: there is no command "frobnicate"/],
  [['query', 'select * from t.main.unreachable'], 3, /^SOURCE_UNREACHABLE: .*nowhere:1/],
  [['query', 'select * from t.main.crash'], 4, /^FUNCTION_CRASHED: t\.main\.crash: function "t"/],
];

for (const [argv, code, errors] of FAILURES) {
  test(`ergane ${argv.join(' ')}: exit code ${code}`, async () => {
    const outcome = await place.run(argv);
    assert.match(outcome.errors, errors);
    assert.equal(outcome.code, code);
    assert.equal(outcome.output, '');
  });
}

test('an error in a script is at a line of the script; what came before it was printed', async () => {
  const { code, output, errors } = await place.run(
    ['query', '--format=csv'],
    'select 1 as a;\n\n  select\n  bad from t.main.numbers;',
  );
  assert.equal(output, '"a"\n"1"\n');
  assert.match(errors, /^COLUMN_NOT_FOUND: .*line 4/);
  assert.equal(code, 1);
});

test('a file of output is there whole or not at all', async () => {
  const { code } = await place.run(['query', '-o', 'never.csv', '--format=csv', 'select * from t.main.unreachable']);
  assert.equal(code, 3);
  assert.deepEqual(
    (await readdir(place.folder)).filter((name) => name.includes('never')),
    [],
  );
});

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} cancels a query that runs: exit code ${code}, one line, nothing left`, async () => {
    const child = place.start('query', '--format=csv', 'select * from t.main.endless');
    child.stdin.end();
    await once(child.stdout, 'data');
    child.kill(signal);
    const outcome = await finish(child);
    assert.equal(outcome.code, code);
    assert.match(outcome.errors, /^QUERY_CANCELLED: .*cancelled\n$/);
    assert.deepEqual(await place.livingFunctions(), []);
  });
}

test('when nobody reads the output any more, the query ends without a word', async () => {
  const child = place.start('query', '--format=csv', 'select * from t.main.many');
  child.stdin.end();
  await once(child.stdout, 'data');
  child.stdout.destroy();
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.equal(errors, '');
  assert.equal(code, 141);
  assert.deepEqual(await place.livingFunctions(), []);
});

test('lists and descriptions', async () => {
  const lines = async (...argv: string[]) =>
    (await place.run([...argv, '--format=tsv'])).output.split('\n').slice(1, -1);
  assert.ok((await lines('catalogs')).includes('t'));
  assert.deepEqual(await lines('schemas', 't'), ['main']);
  assert.deepEqual((await lines('tables', 't.main')).sort(), [
    'crash',
    'endless',
    'many',
    'nothing',
    'numbers',
    'unreachable',
  ]);
  assert.deepEqual(await lines('describe', 't', 'main', 'numbers'), ['n\tbigint\t', 'label\tvarchar\t']);
});

test('a plan is text', async () => {
  const { code, output } = await place.run(['explain', NUMBERS]);
  assert.equal(code, 0);
  assert.match(output, /t\.main\.numbers/);
  assert.doesNotMatch(output, /Query Plan|rows\)/);
});

test('a configuration of nothing has awsdatacatalog; init writes one that is not written over', async () => {
  await mkdir(path.join(place.folder, 'fresh'));
  assert.equal((await place.run(['init', 'none'])).code, 1);
  assert.equal((await place.run(['init', 'fresh'])).code, 0);
  assert.match((await place.run(['init', 'fresh'])).errors, /^usage: .*is there already; --force writes over it/);
  const { output } = await place.run(['catalogs', '--config', 'fresh/ergane.config.yaml', '--format=csv']);
  assert.equal(output, '"Catalog"\n"awsdatacatalog"\n');
});

test('check tells what works and what to do about the rest', async () => {
  const good = await place.run(['check', 't']);
  assert.match(good.output, /spill\n {2}ok/);
  assert.match(good.output, /catalog t\n {2}ok {6}function starts.*1 schema/);
  const config = { catalogs: { gone: { command: ['/no/such/program'] } } };
  await writeFile(path.join(place.folder, 'bad.json'), JSON.stringify(config));
  const bad = await place.run(['check', '--config', 'bad.json']);
  assert.match(bad.output, /catalog gone\n {2}FAILED/);
  assert.notEqual(bad.code, 0);
});
