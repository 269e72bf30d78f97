import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { makeTemporaryFolder } from '@ergane/testing';

const SOURCES = fileURLToPath(new URL('./fixtures/sources.mjs', import.meta.url));
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));

/** The arguments of Node.js that run the command line. */
interface Program extends AsyncDisposable {
  readonly arguments: readonly string[];
}

/** A bundle of the sources as they are, which starts in a third of the time; without built packages (npm run build) the sources themselves. */
async function makeProgram(): Promise<Program> {
  if (!existsSync(path.join(PACKAGE, '..', 'sdk', 'dist', 'hosts', 'runtime.js'))) {
    const source = ['--conditions=source', '--import', import.meta.resolve('tsx'), path.join(PACKAGE, 'src', 'bin.ts')];
    return { arguments: source, [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const folder = path.join(PACKAGE, 'dist', `test-${process.pid}`);
  // the folder is beneath the package, so that what the bundle leaves outside is found
  const script = `import { bundleCli } from ${JSON.stringify(new URL('../scripts/bundle.mjs', import.meta.url).href)}; await bundleCli(process.argv[1]);`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the command line cannot be bundled: ${stderr}`);
  return {
    arguments: [path.join(folder, 'ergane.mjs')],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

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
  run(argv: readonly string[], input?: string, environment?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** the functions' processes that were ever started, and are alive */
  livingFunctions(): Promise<readonly number[]>;
}

export async function makeWorkplace(): Promise<Workplace> {
  const program = await makeProgram();
  const folder = await makeTemporaryFolder();
  const pids = path.join(folder.path, 'pids');
  const config = { catalogs: { t: { connector: SOURCES, env: { pids } } } };
  await writeFile(path.join(folder.path, 'ergane.config.json'), JSON.stringify(config));
  const startWith = (environment: Readonly<Record<string, string>>, argv: readonly string[]): Child =>
    spawn(process.execPath, [...program.arguments, ...argv], {
      cwd: folder.path,
      env: {
        PATH: process.env['PATH'],
        HOME: folder.path,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...environment,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  return {
    folder: folder.path,
    start: (...argv) => startWith({}, argv),
    async run(argv, input = '', environment = {}) {
      const child = startWith(environment, argv);
      const finished = finish(child);
      child.stdin.on('error', () => child.stdin.destroy());
      child.stdin.end(input);
      return finished;
    },
    async livingFunctions() {
      const lines = existsSync(pids) ? (await readFile(pids, 'utf8')).split('\n') : [];
      return [...new Set(lines.filter((line) => line !== '').map(Number))].filter(isAlive);
    },
    async [Symbol.asyncDispose]() {
      await folder[Symbol.asyncDispose]();
      await program[Symbol.asyncDispose]();
    },
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
