// MariaDB 10.11 (Debian's mariadb-server), TLS on, loopback only. Its buffer pool holds TPC-H SF 1 for the benchmarks.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  PASSWORD,
  aptInstall,
  freePort,
  has,
  isRoot,
  makeCertificate,
  makeDataFolder,
  portAnswers,
  run,
  startDetached,
  waitUntil,
} from './base.mjs';

/** Makes a server in `folder` (emptied by the caller), with further options of mariadbd. Answers its process id, port, URL and certificate. */
export async function startMariadb(folder, options = []) {
  const data = path.join(folder, 'data');
  const { key, certificate } = makeCertificate(folder);
  if (isRoot) run('chown', ['mysql', folder, key, certificate]);
  const user = isRoot ? ['--user=mysql'] : [];
  run('mariadb-install-db', [
    '--no-defaults',
    ...user,
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    '--innodb-flush-method=nosync',
  ]);
  const setUp = path.join(folder, 'set-up.sql');
  writeFileSync(
    setUp,
    [
      `ALTER USER root@localhost IDENTIFIED BY '${PASSWORD}';`,
      `DROP USER IF EXISTS ''@localhost;`,
      `CREATE USER IF NOT EXISTS ergane@'%' IDENTIFIED BY '${PASSWORD}';`,
      `GRANT ALL ON *.* TO ergane@'%' WITH GRANT OPTION;`,
      'CREATE DATABASE IF NOT EXISTS test CHARACTER SET utf8mb4;',
    ].join('\n'),
  );
  const port = await freePort();
  const { pid, log } = startDetached(
    has('/usr/sbin/mariadbd') ? '/usr/sbin/mariadbd' : 'mariadbd',
    [
      '--no-defaults',
      ...user,
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${path.join(data, 'mariadb.sock')}`,
      `--pid-file=${path.join(data, 'mariadb.pid')}`,
      `--init-file=${setUp}`,
      '--skip-name-resolve',
      '--innodb-flush-method=nosync',
      '--innodb-flush-log-at-trx-commit=0',
      '--innodb-buffer-pool-size=1536M',
      '--innodb-log-file-size=512M',
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
  await waitUntil(() => portAnswers(port), { name: 'mariadb', pid, log });
  const url = `mysql://ergane:${PASSWORD}@127.0.0.1:${port}/test`;
  return { pid, port, url, certificate };
}

export const server = {
  name: 'mariadb',
  variable: 'ERGANE_TEST_MARIADB',

  async install() {
    if (!has('/usr/sbin/mariadbd') && !has('mariadbd')) aptInstall(['mariadb-server']);
  },

  start: () => startMariadb(makeDataFolder('mariadb')),
};
