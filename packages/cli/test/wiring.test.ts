import { decodeResponse, encodeRequest, type Identity } from '@ergane/protocol';
import { makeTemporaryFolder } from '@ergane/testing';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CatalogConfig } from '../src/config/config.ts';
import type { LoadedConfig } from '../src/config/read-config.ts';
import { parseStorePlace } from '../src/config/stores.ts';
import { findConnectorCommand } from '../src/wiring/connector-command.ts';
import { makeFunctionEnvironment } from '../src/wiring/function-environment.ts';
import { makeCatalogInvoker, makeFunctionConfig } from '../src/wiring/make-invoker.ts';
import { wire } from '../src/wiring/wire.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples/', import.meta.url));
const SPILL = { url: '/data/.ergane', bucket: 'spill', prefix: '' };
const surroundings = (environment: Readonly<Record<string, string>>) => ({ environment, spill: SPILL });
const load = (catalogs: Readonly<Record<string, CatalogConfig>>, folder = '/etc/shop'): LoadedConfig => ({
  config: { catalogs },
  file: path.join(folder, 'ergane.config.yaml'),
  folder,
});

test('stores: folders and S3', () => {
  const parse = (text: string) => parseStorePlace(text, '/home/me', 'spill.store');
  assert.deepEqual(parse('./.ergane/spill'), { url: '/home/me/.ergane', bucket: 'spill', prefix: '' });
  assert.deepEqual(parse('file:///var/spill'), { url: '/var', bucket: 'spill', prefix: '' });
  assert.deepEqual(parse('s3://b/a/c/'), { url: 's3://', bucket: 'b', prefix: 'a/c' });
  assert.deepEqual(parse('s3://b?region=eu-west-1'), { url: 's3://?region=eu-west-1', bucket: 'b', prefix: '' });
  assert.deepEqual(parse('s3+http://k:s%2F@h:9000/b/p'), { url: 's3+http://k:s%2F@h:9000', bucket: 'b', prefix: 'p' });
  assert.throws(() => parse('s3://'), { code: 'CONFIG_INVALID', message: /spill\.store: "s3:\/\/" names no bucket/ });
  assert.throws(() => parse('ftp://x/y'), {
    code: 'CONFIG_INVALID',
    message: /spill\.store: "ftp:\/\/x\/y" is no store/,
  });
});

test('a function gets its own environment and secrets, and where to spill', () => {
  const catalog = { connector: 'mysql', env: { default: 'mysql://${USER}:${secret:db/pw}@h', size: 3 } };
  const environment = makeFunctionEnvironment(
    'shop',
    catalog,
    surroundings({ USER: 'ann', ERGANE_SECRET_DB_PW: 's', OTHER: 'x', AWS_PROFILE: 'p' }),
  );
  assert.deepEqual(environment, {
    spill_bucket: 'spill',
    spill_prefix: '',
    ergane_spill_store: '/data/.ergane',
    default: 'mysql://ann:${db/pw}@h',
    size: '3',
    ERGANE_SECRET_DB_PW: 's',
  });
  assert.throws(() => makeFunctionEnvironment('shop', catalog, surroundings({})), {
    code: 'CONFIG_INVALID',
    message: /catalogs\.shop\.env\.default names the environment variable USER, which is not set/,
  });
});

test("AWS's variables reach dynamodb, and others where the catalog says so", () => {
  const own = surroundings({ AWS_PROFILE: 'p', AWS_REGION: 'r', HOME: '/h', AWS_LAMBDA_FUNCTION_NAME: 'x' });
  const names = (catalog: Parameters<typeof makeFunctionEnvironment>[1], place = own) =>
    Object.keys(makeFunctionEnvironment('c', catalog, place)).filter((name) => name.startsWith('AWS_'));
  assert.deepEqual(names({ connector: 'dynamodb' }), ['AWS_PROFILE', 'AWS_REGION']);
  assert.deepEqual(names({ connector: 'dynamodb', aws: false }), []);
  assert.deepEqual(names({ connector: 'mysql' }), []);
  assert.deepEqual(names({ command: ['x'], aws: true }), ['AWS_PROFILE', 'AWS_REGION']);
  const onS3 = { ...own, spill: { url: 's3://', bucket: 'b', prefix: 'p' } };
  assert.deepEqual(names({ connector: 'mysql' }, onS3), ['AWS_PROFILE', 'AWS_REGION']);
});

test('a command runs in its directory, with limits of its own or of all', () => {
  const catalog: CatalogConfig = { command: ['java', '-cp', '${JAR}'], handler: 'H', directory: 'lib', memoryMb: 512 };
  const loaded = { ...load({ c: catalog }), config: { functions: { concurrency: 2, memoryMb: 100 } } };
  const config = makeFunctionConfig('c', catalog, { loaded, surroundings: surroundings({ JAR: 'a.jar' }) });
  const { environment: _, ...rest } = config;
  assert.deepEqual(rest, {
    name: 'c',
    command: ['java', '-cp', 'a.jar'],
    handler: 'H',
    directory: '/etc/shop/lib',
    memoryMb: 512,
    reservedConcurrency: 2,
  });
});

test('a connector that does not exist is an error with a suggestion', async () => {
  await using folder = await makeTemporaryFolder();
  const find = (name: string) => findConnectorCommand(name, folder.path, 'catalogs.shop.connector');
  assert.throws(() => find('mysq'), {
    code: 'CONFIG_INVALID',
    message: /catalogs\.shop\.connector: "mysq" is no connector of Ergane .* no npm package .*; did you mean "mysql"\?/,
  });
  assert.throws(() => find('./mine.mjs'), { code: 'CONFIG_INVALID', message: /there is no file .*mine\.mjs/ });
});

const IDENTITY: Identity = { account: '', arn: '', tags: {}, groups: [], configOptions: {} };

async function ping(invoker: ReturnType<typeof makeCatalogInvoker>, functionName: string) {
  const request = encodeRequest(
    { type: 'PingRequest', identity: IDENTITY, catalogName: functionName, queryId: 'q' },
    5,
  );
  const { payload } = await invoker.invoke({ functionName, payload: request });
  return decodeResponse(payload);
}

test('a connector in a file is served as a function, started when it is needed', async () => {
  const loaded = load(
    { sky: { connector: './planets.mjs' }, none: { connector: './none.mjs' } },
    path.join(EXAMPLES, 'own-connector'),
  );
  await using invoker = makeCatalogInvoker(loaded, surroundings({}));
  const listFunctions = () => invoker.host?.listFunctions();
  assert.equal(listFunctions(), undefined);
  const response = await ping(invoker, 'sky');
  assert.ok(response.type === 'PingResponse');
  assert.equal(response.sourceType, 'planets');
  assert.deepEqual(listFunctions(), ['sky']);
  await assert.rejects(ping(invoker, 'none'), { code: 'CONFIG_INVALID' });
  await assert.rejects(ping(invoker, 'other'), { code: 'FUNCTION_NOT_CONFIGURED' });
});

test('a function of another host is called by its name there; one that is not there is named', async () => {
  const loaded = load({ far: { http: 'http://127.0.0.1:9' }, lambda: { lambda: 'f' } });
  await using invoker = makeCatalogInvoker(loaded, surroundings({}));
  await assert.rejects(ping(invoker, 'far'), { code: 'SOURCE_UNREACHABLE', message: /127\.0\.0\.1:9/ });
  await assert.rejects(ping(invoker, 'lambda'), {
    code: 'CONFIG_INVALID',
    message: /region of the function "f" is not known/,
  });
});

test('wiring starts nothing by itself', async () => {
  await using wiring = wire(load({ shop: { connector: 'mysql', env: { default: '${NOT_SET}' } } }), {});
  assert.equal(wiring.invoker.host, undefined);
  assert.deepEqual(wiring.spill, { url: '/etc/shop/.ergane', bucket: 'spill', prefix: 'queries' });
});
