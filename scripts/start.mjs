#!/usr/bin/env node
// npm start: an online shop over several real servers, and one SQL statement over all of them. Needs Node.js alone. The first time it
// installs, builds and loads; what it made stays in .ergane/demo. Everything that it started ends with it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, setUp } from './setup.mjs';

const folder = path.join(root, '.ergane', 'demo');
const CREDENTIALS = { accessKeyId: 'ergane', secretAccessKey: 'ergane-demo' };
// the AWS SDK warns of the Node.js versions that it will leave
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const begin = Date.now();
const say = (text) => console.error(`${((Date.now() - begin) / 1000).toFixed(1).padStart(5)} s  ${text}`);

const stopping = [];
let interrupted = false;

async function main() {
  mkdirSync(folder, { recursive: true });
  const unlock = lock();
  process.once('exit', unlock);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupt(signal));
  try {
    setUp();
    const [shop] = await allOf([prepareShop(), run([path.join(root, 'scripts', 'build.mjs')])]);
    const config = writeConfig(shop);
    await makeTables(config);
    return await show(shop, config);
  } finally {
    await Promise.allSettled(stopping.map((stop) => stop()));
  }
}

/** Two of them would fight for the data. */
function lock() {
  const file = path.join(folder, 'pid');
  const other = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  if (other !== 0 && other !== process.pid && isAlive(other)) {
    console.error(
      `npm start runs already, as process ${other}. End it first, or use its configuration: --config ${path.join(folder, 'ergane.config.yaml')}`,
    );
    process.exit(1);
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** The shell takes Ctrl-C for itself while it runs; before and after, the servers are stopped in order. */
function interrupt(signal) {
  if (child !== undefined) {
    // on a terminal Ctrl-C reaches it without us
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    return;
  }
  if (interrupted) process.exit(130);
  interrupted = true;
  say('Stopping ...');
  for (const { pid } of working) process.kill(-pid, 'SIGTERM');
  void Promise.allSettled(stopping.map((stop) => stop())).then(() => process.exit(signal === 'SIGINT' ? 130 : 143));
}

/** the shell */
let child;
/** programs that work for us, each a process group */
const working = new Set();

/** Runs a Node.js program to its end. Answers its exit code; throws when one that is not the user's own failed. */
async function run(args, { interactive = false, output = 'inherit' } = {}) {
  const started = spawn(process.execPath, args, {
    cwd: root,
    stdio: interactive ? 'inherit' : ['ignore', output, 'inherit'],
    detached: !interactive,
  });
  if (interactive) child = started;
  else working.add(started);
  const code = await new Promise((resolve, reject) => {
    started.on('error', reject);
    started.on('exit', (exitCode, signal) => resolve(exitCode ?? (signal === 'SIGINT' ? 130 : 143)));
  });
  if (interactive) child = undefined;
  working.delete(started);
  if (!interactive && code !== 0) throw new Error(`${path.relative(root, args[0])} failed with exit code ${code}`);
  return code;
}

/** Waits for all, also when one fails: nothing may start after the end. */
async function allOf(promises) {
  const results = await Promise.allSettled(promises);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results.map(({ value }) => value);
}

async function prepareShop() {
  const shop = await startShop();
  await loadShop(shop);
  return shop;
}

async function startShop() {
  const { startPostgresql } = await import('./demo/postgresql.mjs');
  const { startDynamodb } = await import('./demo/dynamodb.mjs');
  const { findMysqlServer, startMysql } = await import('./demo/mysql.mjs');
  const start = async (what, starting) => {
    const server = await starting;
    stopping.push(server.stop);
    say(`${what(server)} runs at ${server.url.replace(/:\/\/[^@/]*@/, '://')}`);
    return server;
  };
  const mysqlServer = findMysqlServer();
  const [postgresql, dynamodb, mysql] = await allOf([
    start(() => 'PostgreSQL', startPostgresql(path.join(folder, 'postgresql'))),
    start(({ kind }) => `${kind} (DynamoDB's API)`, startDynamodb(path.join(folder, 'dynamodb'))),
    mysqlServer &&
      start(() => path.basename(mysqlServer), startMysql(mysqlServer, path.join(folder, 'mysql'))).catch((error) => {
        say(`Without MySQL, its customers are in PostgreSQL: ${error.message}`);
      }),
  ]);
  return { postgresql, dynamodb, mysql, bucket: path.join(folder, 's3', 'shop') };
}

const customersOf = ({ mysql }) => (mysql === undefined ? 'orders.shop.customers' : 'crm.shop.customers');

function writeConfig({ postgresql, dynamodb, mysql }) {
  const file = path.join(folder, 'ergane.config.yaml');
  const crm = mysql && { crm: { connector: 'mysql', env: { default: `${mysql.url}/shop` } } };
  const config = {
    catalogs: {
      orders: { connector: 'postgresql', env: { default: postgresql.url } },
      parts: {
        connector: 'dynamodb',
        aws: false,
        env: {
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
          AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
          AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
        },
      },
      ...crm,
    },
    s3: { store: './s3' },
    spill: { store: './spill' },
    results: { store: './results' },
    metastore: './metastore.json',
  };
  // JSON is YAML
  writeFileSync(file, `# written by npm start: ports change with every start\n${JSON.stringify(config, null, 2)}\n`);
  return file;
}

/** What was loaded by another version of the demo is loaded again. */
const version = readdirSync(path.join(root, 'scripts', 'demo'))
  .sort()
  .reduce((hash, name) => hash.update(readFileSync(path.join(root, 'scripts', 'demo', name))), createHash('sha256'))
  .digest('hex');

/** Does what its stamp does not say is done. A stamp lies beside the data that it is of, and goes with it. */
async function once(what, stamp, work) {
  const done = `${version} ${what}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === done) return;
  rmSync(stamp, { force: true });
  await work();
  writeFileSync(stamp, done);
  say(what);
}

async function loadShop({ postgresql, dynamodb, mysql, bucket }) {
  const load = await import('./demo/load.mjs');
  await allOf([
    once(`Loaded orders${mysql ? '' : ' and customers'}`, postgresql.stamp, () =>
      load.loadPostgresql(postgresql.url, { customers: mysql === undefined }),
    ),
    once('Loaded parts', dynamodb.stamp, () => load.loadDynamodb(dynamodb.url, CREDENTIALS)),
    mysql && once('Loaded customers', mysql.stamp, () => load.loadMysql(mysql.url)),
    once('Loaded the click stream', `${bucket}.loaded`, () => load.loadClicks(bucket)),
  ]);
}

/** The table over the click stream is made with SQL, as a user would. */
async function makeTables(config) {
  const { CLICKS_TABLE } = await import('./demo/queries.mjs');
  await once('Made the table of the click stream', path.join(folder, 'tables.made'), () =>
    run([ergane(), 'query', '--config', config, '--quiet', CLICKS_TABLE.join(';\n')], { output: 'ignore' }),
  );
}

const ergane = () => path.join(root, 'packages', 'cli', 'dist', 'ergane.mjs');

/** The flagship query with its plan as it ran, then the shell on a terminal. */
async function show(shop, config) {
  const { flagship, tryNext } = await import('./demo/queries.mjs');
  const customers = customersOf(shop);
  const sql = flagship(customers);
  const sources = [
    'Parquet in S3',
    'a PostgreSQL database',
    'a DynamoDB table',
    ...(shop.mysql ? ['a MySQL database'] : []),
  ];
  say(`Ready. One statement over ${sources.join(', ').replace(/, ([^,]*)$/, ' and $1')}:\n`);
  console.log(`${sql};\n`);
  const notes = `
How it ran is above: what each source was asked for, and how much came back. Try next:

${tryNext(customers)}

Your own sources go into an ergane.config.yaml (ergane init writes one, docs/configuration.md explains it).
This one is ${path.relative(process.cwd(), config)}`;
  const echo = notes.split('\n').map((line) => `\\echo ${line}`);
  const script = path.join(folder, 'flagship.sql');
  writeFileSync(script, `${sql};\n\\echo\nEXPLAIN ANALYZE ${sql};\n${echo.join('\n')}\n`);
  return run([ergane(), 'shell', '--file', script, '--config', config], { interactive: true });
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!interrupted) console.error(error.message);
  process.exitCode = 1;
}
