// MariaDB or MySQL, where this machine has its server already: npm has none.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { freePort, portAnswers, startChild } from './child-server.mjs';

const PASSWORD = 'ergane-demo';

/** The server's program; undefined: there is none, or it could not run. */
export function findMysqlServer() {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = ['mariadbd', 'mysqld']
    .flatMap((name) => folders.map((folder) => path.join(folder, name)))
    .find(existsSync);
  const isRoot = process.getuid?.() === 0;
  // its packages make this user, and the server refuses root
  if (found === undefined || (isRoot && spawnSync('id', ['-u', 'mysql']).status !== 0)) return undefined;
  return found;
}

/** Starts it on a loopback port of its own; the data stays where it is found again. */
export async function startMysql(program, folder) {
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? ['--user=mysql'] : [];
  const place = isRoot
    ? path.join(os.tmpdir(), `ergane-demo-mysql-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`)
    : folder;
  mkdirSync(place, { recursive: true });
  chmodSync(place, 0o755);
  const data = path.join(place, 'data');
  const setUp = path.join(place, 'set-up.sql');
  const isNew = !existsSync(path.join(data, 'ready'));
  if (isNew) makeCluster(program, { place, data, user, isRoot });
  writeFileSync(
    setUp,
    `CREATE USER IF NOT EXISTS shop@'%' IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON *.* TO shop@'%';`.replaceAll(
      '; ',
      ';\n',
    ),
  );
  const port = await freePort();
  const { stop } = await startChild({
    name: path.basename(program),
    command: program,
    args: [
      '--no-defaults',
      ...user,
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${path.join(data, 'sock')}`,
      `--pid-file=${path.join(data, 'pid')}`,
      `--init-file=${setUp}`,
      '--innodb-flush-log-at-trx-commit=0',
    ],
    log: path.join(place, 'log'),
    isReady: () => portAnswers(port),
    cwd: place,
  });
  if (isNew) writeFileSync(path.join(data, 'ready'), '');
  return { url: `mysql://shop:${PASSWORD}@127.0.0.1:${port}`, stop, stamp: path.join(place, 'loaded') };
}

function makeCluster(program, { place, data, user, isRoot }) {
  for (const old of [data, path.join(place, 'loaded')]) rmSync(old, { recursive: true, force: true });
  if (isRoot) spawnSync('chown', ['mysql', place]);
  const [command, args] = program.endsWith('mariadbd')
    ? [
        'mariadb-install-db',
        ['--no-defaults', ...user, `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
      ]
    : [program, ['--no-defaults', ...user, '--initialize-insecure', `--datadir=${data}`]];
  const result = spawnSync(command, args, { cwd: place, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`${command} failed: ${result.error?.message ?? result.stderr}`);
}
