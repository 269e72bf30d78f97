// Redis from Debian: one server with TLS, a password and the user `reader`, and a cluster of three masters.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import {
  aptInstall,
  freePort,
  has,
  makeCertificate,
  makeDataFolder,
  PASSWORD,
  portAnswers,
  run,
  startDetached,
  waitUntil,
} from './base.mjs';

/** May read keys of any name, and nothing more. */
const READER = [
  'ACL',
  'SETUSER',
  'reader',
  'reset',
  'on',
  `>${PASSWORD}`,
  '~*',
  '+@read',
  '+@connection',
  '+cluster',
  '-keys',
];

export const server = {
  name: 'redis',
  variable: 'ERGANE_TEST_REDIS',

  install() {
    if (!has('redis-server')) aptInstall(['redis-server']);
  },

  /** `?tls=PORT&cluster=PORT` say where TLS and the first master of the cluster are. */
  async start() {
    const folder = makeDataFolder('redis');
    const { key, certificate } = makeCertificate(folder);
    const [port, tls] = [await freePort(), await freePort()];
    const secured = ['--tls-port', tls, '--tls-cert-file', certificate, '--tls-key-file', key];
    const { pid, log } = startRedis(path.join(folder, 'single'), port, [
      ...secured,
      '--tls-ca-cert-file',
      certificate,
      '--tls-auth-clients',
      'no',
    ]);
    await waitUntil(() => portAnswers(port), { name: 'redis', pid, log });
    command(port, ['CONFIG', 'SET', 'requirepass', PASSWORD]);
    command(port, READER, PASSWORD);
    const cluster = await startCluster(folder);
    return {
      pid,
      port,
      pids: cluster.pids,
      url: `redis://:${PASSWORD}@127.0.0.1:${port}/?tls=${tls}&cluster=${cluster.port}`,
      certificate,
    };
  },
};

async function startCluster(folder) {
  const nodes = [];
  for (let number = 1; number <= 3; number++) {
    const [port, bus] = [await freePort(), await freePort()];
    const options = ['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf', '--cluster-port', bus];
    const { pid, log } = startRedis(path.join(folder, `cluster-${number}`), port, [
      ...options,
      '--cluster-node-timeout',
      '5000',
    ]);
    await waitUntil(() => portAnswers(port), { name: 'redis', pid, log });
    nodes.push({ pid, port, log });
  }
  const [first] = nodes;
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '0', '--cluster-yes']);
  const isWhole = ({ port }) => command(port, ['CLUSTER', 'INFO']).includes('cluster_state:ok');
  await waitUntil(() => nodes.every(isWhole), { name: 'redis cluster', pid: first.pid, log: first.log });
  return { port: first.port, pids: nodes.map(({ pid }) => pid) };
}

function startRedis(folder, port, options) {
  const data = makeDataFolder(path.join('redis', path.basename(folder)));
  const own = ['--port', port, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', data];
  return startDetached('redis-server', [...own, ...options].map(String), { folder: data, cwd: data });
}

function command(port, words, password) {
  const login = password === undefined ? [] : ['-a', password, '--no-auth-warning'];
  return spawnSync('redis-cli', ['-p', String(port), ...login, ...words], { encoding: 'utf8' }).stdout ?? '';
}
