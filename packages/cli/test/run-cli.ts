import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '@ergane/testing';

const BIN = fileURLToPath(new URL('../src/bin.ts', import.meta.url));
const SOURCES = fileURLToPath(new URL('./fixtures/sources.mjs', import.meta.url));

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A folder with a configuration whose catalog `t` is test/fixtures/sources.mjs, and the command line in it. */
export interface Workplace extends AsyncDisposable {
  readonly folder: string;
  start(...argv: string[]): Child;
  /** Runs a command to its end. */
  run(argv: readonly string[], input?: string): Promise<Outcome>;
  /** the functions' processes that were ever started, and are alive */
  livingFunctions(): Promise<readonly number[]>;
}

export async function makeWorkplace(): Promise<Workplace> {
  const folder = await makeTemporaryFolder();
  const pids = path.join(folder.path, 'pids');
  const config = { catalogs: { t: { connector: SOURCES, env: { pids } } } };
  await writeFile(path.join(folder.path, 'ergane.config.json'), JSON.stringify(config));
  const start = (...argv: string[]): Child =>
    spawn(process.execPath, ['--conditions=source', '--import', import.meta.resolve('tsx'), BIN, ...argv], {
      cwd: folder.path,
      env: { PATH: process.env['PATH'], HOME: folder.path, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  return {
    folder: folder.path,
    start,
    async run(argv, input = '') {
      const child = start(...argv);
      const finished = finish(child);
      child.stdin.on('error', () => child.stdin.destroy());
      child.stdin.end(input);
      return finished;
    },
    async livingFunctions() {
      const lines = existsSync(pids) ? (await readFile(pids, 'utf8')).split('\n') : [];
      return [...new Set(lines.filter((line) => line !== '').map(Number))].filter(isAlive);
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** What a process writes and how it ends. */
export async function finish(child: Child): Promise<Outcome> {
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: typeof code === 'number' ? code : null, output, errors };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
