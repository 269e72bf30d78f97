// Makes a clone ready: dependencies as the lock file says. Quick when nothing changed. Only Node's own modules.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Ends the process with the reason when a command fails. */
export function runOrExit(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

export function setUp() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Ergane needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
    process.exit(1);
  }
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  const lock = path.join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs && hasAllPackages(lock)) return;
  console.error('Installing dependencies (npm ci) ...');
  runOrExit('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

function hasAllPackages(lock) {
  const { packages } = JSON.parse(readFileSync(lock, 'utf8'));
  const own = Object.keys(packages).filter((name) => /^node_modules\/(@ergane\/|ergane$)/.test(name));
  return own.every((name) => existsSync(path.join(root, name)));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setUp();
