import { ErganeError } from '@ergane/protocol';
import { makeTemporaryFolder } from '@ergane/testing';
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { TEMPLATE } from '../src/commands/init.ts';
import { readConfig } from '../src/config/read-config.ts';
import { resolveText } from '../src/config/references.ts';

async function readText(text: string, name = 'ergane.config.yaml') {
  await using folder = await makeTemporaryFolder();
  await writeFile(path.join(folder.path, name), text);
  return await readConfig({ folder: folder.path });
}

const GOOD = `
catalogs:
  shop: { connector: mysql, env: { default: "mysql://app:\${SHOP_PASSWORD}@db:3306", flag: true, size: 3 } }
  parts: { connector: dynamodb, memoryMb: 512, concurrency: 4 }
  legacy: { lambda: "arn:aws:lambda:eu-west-1:123456789012:function:hbase" }
  tpcds: { command: [java, -cp, athena.jar], handler: com.Handler }
  far: { http: "http://host:3001", function: shop }
spill: { store: "./.ergane/spill" }
results: { store: s3://bucket/prefix }
s3: { store: ./s3 }
engine: { workers: 2 }
defaults: { catalog: shop, schema: public }
`;

test('a whole configuration is read, references untouched', async () => {
  const { config, file, folder } = await readText(GOOD);
  assert.equal(path.basename(file ?? ''), 'ergane.config.yaml');
  assert.equal(folder, path.dirname(file ?? ''));
  const { shop } = config.catalogs ?? {};
  assert.ok(shop !== undefined && 'connector' in shop);
  assert.deepEqual(shop.env, { default: 'mysql://app:${SHOP_PASSWORD}@db:3306', flag: true, size: 3 });
});

test('a configuration in JSON and as a module', async () => {
  const json = await readText('{ "catalogs": { "a": { "connector": "example" } } }', 'ergane.config.json');
  assert.deepEqual(json.config.catalogs, { a: { connector: 'example' } });
  const module = await readText('export default { catalogs: { a: { lambda: "x" } } };', 'ergane.config.mjs');
  assert.deepEqual(module.config.catalogs, { a: { lambda: 'x' } });
});

test('what init writes is a configuration, also with its comments taken away', async () => {
  assert.deepEqual((await readText(TEMPLATE)).config, { catalogs: {} });
  const open = TEMPLATE.replaceAll(/^( *)# (?=( *)(\w+: |\w+:$))/gm, '$1').replaceAll(/^# .*$/gm, '');
  const { config } = await readText(open);
  assert.deepEqual(Object.keys(config.catalogs ?? {}), ['shop', 'crm', 'parts', 'sessions', 'logs', 'hbase', 'tpcds']);
  assert.deepEqual(Object.keys(config), ['catalogs', 'defaults', 's3', 'spill']);
});

test('an empty file and no file are the defaults; the file is looked for in the folders above', async () => {
  assert.deepEqual((await readText('# nothing yet\n')).config, {});
  await using folder = await makeTemporaryFolder();
  await writeFile(path.join(folder.path, 'ergane.config.yaml'), 'metastore: ./m\n');
  const inner = path.join(folder.path, 'a', 'b');
  await mkdir(inner, { recursive: true });
  assert.deepEqual((await readConfig({ folder: inner })).config, { metastore: './m' });
});

const WRONG: readonly (readonly [what: string, text: string, message: RegExp])[] = [
  ['an unknown key', 'catalog:\n  a: {}\n', /yaml:1: catalog is not a known setting; did you mean "catalogs"\?/],
  [
    'an unknown key inside',
    'catalogs:\n  shop:\n    connector: mysql\n    memory_mb: 12\n',
    /yaml:4: catalogs\.shop\.memory_mb is not a known setting; did you mean "memoryMb"\?/,
  ],
  ['a key like no other', 'zzzzzz: 1\n', /zzzzzz is not a known setting; known here: catalogs, functions, spill,/],
  [
    'no kind',
    'catalogs:\n  shop: {}\n',
    /yaml:2: catalogs\.shop needs one of "connector", "lambda", "command", "http"/,
  ],
  [
    'a kind misspelt',
    'catalogs:\n  shop: { conector: mysql }\n',
    /catalogs\.shop needs one of .*; "conector" is not known; did you mean "connector"\?/,
  ],
  ['two kinds', 'catalogs:\n  shop: { connector: mysql, lambda: x }\n', /has both "connector" and "lambda": keep one/],
  [
    'a wrong type',
    'catalogs:\n  a: { connector: x, memoryMb: big }\n',
    /a\.memoryMb must be a number of at least 1, not "big"/,
  ],
  ['a number too small', 'engine: { workers: 0 }\n', /engine\.workers must be a whole number of at least 1, not 0/],
  ['nothing', 'spill:\n', /yaml:1: spill must be a map of settings, not nothing/],
  ['a missing member', 'spill: {}\n', /spill needs the setting "store"/],
  [
    'a list item',
    'catalogs:\n  a:\n    command:\n      - java\n      - 3\n',
    /yaml:5: catalogs\.a\.command\[1\] must be a program or/,
  ],
  [
    'an upper-case name',
    'catalogs:\n  Shop: { lambda: x }\n',
    /yaml:2: catalogs\.Shop names of catalogs are lower case: write "shop"/,
  ],
  ['a reserved name', 'catalogs:\n  awsdatacatalog: { lambda: x }\n', /is a name of Ergane's own: choose another/],
  ['broken YAML', 'catalogs: {\n  a: [\n', /ergane\.config\.yaml:\d+: /],
  ['a key twice', 'metastore: a\nmetastore: b\n', /ergane\.config\.yaml:2: .*unique/],
  ['a text', 'hello\n', /the configuration must be a map of settings, not "hello"/],
];

for (const [what, text, message] of WRONG) {
  test(`${what} is an error that says where and what to do`, async () => {
    await assert.rejects(readText(text), (error) => {
      assert.ok(error instanceof ErganeError);
      assert.equal(error.code, 'CONFIG_INVALID');
      assert.match(error.message, message);
      return true;
    });
  });
}

test('all problems of a file are said at once', async () => {
  const text = 'catalogs:\n  a: { lambda: 3 }\n  b: { http: x, foo: 1 }\nsplil: {}\n';
  await assert.rejects(readText(text), (error: Error) => {
    assert.deepEqual(
      error.message.split('\n').map((line) => line.replace(/^.*yaml:(\d+): (\S+) .*$/, '$1 $2')),
      ['2 catalogs.a.lambda', '3 catalogs.b.foo', '4 splil'],
    );
    return true;
  });
});

test('a file that is named and is not there, and two files in one folder, are errors', async () => {
  await using folder = await makeTemporaryFolder();
  await assert.rejects(readConfig({ folder: folder.path, file: 'no.yaml' }), /no\.yaml cannot be read: ENOENT/);
  await assert.rejects(readConfig({ folder: folder.path, file: 'no.mjs' }), /no\.mjs cannot be read: ENOENT/);
  await writeFile(path.join(folder.path, 'ergane.config.yaml'), '');
  await writeFile(path.join(folder.path, 'ergane.config.json'), '{}');
  await assert.rejects(readConfig({ folder: folder.path }), /has both ergane\.config\.yaml and ergane\.config\.json/);
});

test('references: variables, defaults, secrets, escapes', () => {
  const resolve = (text: string) =>
    resolveText(text, {
      environment: { USER_NAME: 'ann', EMPTY: '' },
      setting: 'catalogs.shop.env.default',
      onSecret: (name) => `<${name}>`,
    });
  assert.equal(resolve('u=${USER_NAME} e=${EMPTY} d=${EMPTY:-x} n=${NONE:-}'), 'u=ann e= d=x n=');
  assert.equal(resolve('${secret:db/password}@$${literal} $5'), '<db/password>@${literal} $5');
  assert.throws(() => resolve('${SHOP_PASSWORD}'), {
    code: 'CONFIG_INVALID',
    message: /catalogs\.shop\.env\.default names the environment variable SHOP_PASSWORD, which is not set/,
  });
});
