// What the scripts of the test servers share. Only Node's own modules: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

/** Downloads and built programs: kept between runs and shared by every clone. */
export const cacheFolder =
  process.env.ERGANE_CACHE ?? path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'ergane');
/** Data of running servers: searchable by the servers' own users, gone with the machine. */
export const dataFolder = path.join(os.tmpdir(), `ergane-servers-${os.userInfo().uid}`);
export const isRoot = process.getuid?.() === 0;
export const PASSWORD = 'ergane-test';

export const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a program to its end; throws with its output when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  if (result.error) throw new Error(`${command}: ${result.error.message}`);
  if (result.status !== 0)
    throw new Error(
      `${command} ${args.join(' ')}: exit ${result.status}\n${result.stdout ?? ''}${result.stderr ?? ''}`,
    );
  return result.stdout ?? '';
}

export const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

/** Installs Debian packages without starting their services. Needs root. */
export function aptInstall(packages) {
  if (!isRoot) throw new Error(`Debian packages ${packages.join(' ')} are missing: install them, or run this as root`);
  const policy = '/usr/sbin/policy-rc.d';
  if (!existsSync(policy)) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const lock = ['-o', 'DPkg::Lock::Timeout=900', '-o', 'Acquire::Retries=3'];
  say(`installing ${packages.join(' ')} ...`);
  // apt-get waits for dpkg's lock only, and two installations at once need both
  const apt = has('flock') ? ['flock', '/tmp/ergane-apt.lock', 'apt-get'] : ['apt-get'];
  run(apt[0], [...apt.slice(1), ...lock, 'update', '-qq'], { env });
  run(apt[0], [...apt.slice(1), ...lock, 'install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export const portAnswers = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });

/** Waits until `probe` answers true; throws with the end of the log when the process ends or the time is over. */
export async function waitUntil(probe, { name, pid, log, seconds = 120 }) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    if (await probe()) return;
    if (!isAlive(pid) || Date.now() > end)
      throw new Error(`${name} did not start; the end of ${log}:\n${readFileSync(log, 'utf8').slice(-3000)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Starts a program that outlives this process, its output in `<folder>/log`. Answers its process id. */
export function startDetached(command, args, { folder, ...options }) {
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'log');
  const output = openSync(log, 'a');
  const child = spawn(command, args, { detached: true, stdio: ['ignore', output, output], ...options });
  closeSync(output);
  child.unref();
  return { pid: child.pid, log };
}

/** An empty folder for a server's data that another user may search. */
export function makeDataFolder(name) {
  const folder = path.join(dataFolder, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/** A self-signed certificate for localhost, made once. */
export function makeCertificate(folder) {
  const key = path.join(folder, 'tls.key'),
    certificate = path.join(folder, 'tls.crt');
  if (!existsSync(certificate)) {
    run(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '3650',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-keyout',
        key,
        '-out',
        certificate,
      ],
      { stdio: 'pipe' },
    );
  }
  return { key, certificate };
}

const stateFile = (name) => path.join(dataFolder, `${name}.json`);
export function readState(name) {
  return existsSync(stateFile(name)) ? JSON.parse(readFileSync(stateFile(name), 'utf8')) : undefined;
}
export function writeState(name, state) {
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(`${stateFile(name)}.new`, JSON.stringify(state, null, 1));
  renameSync(`${stateFile(name)}.new`, stateFile(name));
}
export const removeState = (name) => rmSync(stateFile(name), { force: true });
