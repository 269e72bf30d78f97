import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createEngine } from '@ergane/engine';
import type { Engine, EngineOptions, ResultValue, RunOptions } from '@ergane/engine';
import { ErganeError } from '@ergane/protocol';
import type { ErrorCode, Invoker } from '@ergane/protocol';
import { openStore } from '@ergane/storage';
import { makeTemporaryFolder } from '@ergane/testing';
import type { CatalogConfig } from '../../src/config/config.ts';
import { makeCatalogInvoker } from '../../src/wiring/make-invoker.ts';

/** The whole way of a query, as the command line wires it: engine, function host, functions in processes of their own, spill. */
export interface Workbench extends AsyncDisposable {
  readonly engine: Engine;
  /** where it spills: a folder a bucket */
  readonly store: string;
  rows(sql: string, options?: RunOptions): Promise<(readonly ResultValue[])[]>;
  /** process ids of the execution environments that live now */
  pids(): readonly number[];
  spilledFiles(): Promise<readonly string[]>;
}

export interface WorkbenchOptions {
  readonly catalogs: Readonly<Record<string, CatalogConfig>>;
  /** the folder of the spill store; default: one of its own */
  readonly store?: string;
  /** default: without aggregates, because the faults are of scans and a source that counts for itself sends one row */
  readonly pushdown?: EngineOptions['pushdown'];
  /** stands between the engine and the functions */
  readonly around?: (invoker: Invoker) => Invoker;
}

/** Disposing asserts that nothing is left: no process, no open file, no spilled object. */
export async function openWorkbench({
  catalogs,
  store,
  pushdown = { aggregates: false },
  around = (it) => it,
}: WorkbenchOptions): Promise<Workbench> {
  const folder = await makeTemporaryFolder();
  const before = childProcesses();
  const place = store ?? path.join(folder.path, 'store');
  const spill = { url: place, bucket: 'spill', prefix: 'queries' };
  const loaded = { config: { catalogs }, file: path.join(folder.path, 'ergane.config.yaml'), folder: folder.path };
  const invoker = makeCatalogInvoker(loaded, { environment: process.env, spill });
  const engine = await createEngine({
    catalogs: Object.fromEntries(
      Object.keys(catalogs).map((name) => [name, { functionName: name, maxConcurrency: 2 }]),
    ),
    invoker: around(invoker),
    spill: { store: openStore(place), bucket: spill.bucket, prefix: spill.prefix },
    temporaryDirectory: path.join(folder.path, 'tmp'),
    pushdown,
  });
  const spilledFiles = (): Promise<readonly string[]> => listFiles(path.join(place, spill.bucket));
  return {
    engine,
    store: place,
    async rows(sql, options) {
      const rows: (readonly ResultValue[])[] = [];
      await using result = await engine.run(sql, options);
      for await (const batch of result.batches) rows.push(...batch);
      return rows;
    },
    pids: () => invoker.host?.stats().flatMap(({ pids }) => pids) ?? [],
    spilledFiles,
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await invoker[Symbol.asyncDispose]();
      const spilled = await spilledFiles();
      const open = openFiles(folder.path);
      await folder[Symbol.asyncDispose]();
      assert.deepEqual({ spilled, open }, { spilled: [], open: [] });
      // the host's own reaper is told to end when all that it watches has ended
      const leaked = () => childProcesses().filter((pid) => !before.includes(pid));
      await until(() => leaked().length === 0).catch(() =>
        assert.fail(`left running: ${leaked().map(describeProcess).join('; ')}`),
      );
    },
  };
}

/** What a failure must say; its secrets it must not. */
export interface Expected {
  readonly code: ErrorCode;
  readonly says: readonly (string | RegExp)[];
  readonly secrets?: readonly string[];
}

/** Asserts that what runs fails with a code, and a message that says everything. */
export async function expectFault(run: Promise<unknown>, { code, says, secrets = [] }: Expected): Promise<ErganeError> {
  const outcome: unknown = await run.then(
    (rows) =>
      new Error(
        `no error but ${JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))?.slice(0, 200)}`,
      ),
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof ErganeError, String(outcome));
  assert.equal(outcome.code, code, outcome.message);
  for (const text of says)
    assert.ok(
      typeof text === 'string' ? outcome.message.includes(text) : text.test(outcome.message),
      `${outcome.message}\nlacks ${String(text)}`,
    );
  for (const secret of secrets) assert.ok(!outcome.message.includes(secret), outcome.message);
  return outcome;
}

/** Asks until something holds, which must come true within a minute. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`never came true: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function listFiles(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name));
}

/** Of this process; of other systems than Linux the host's own pids speak. */
function childProcesses(): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/task').flatMap((thread) => {
    const file = `/proc/self/task/${thread}/children`;
    // a thread may end meanwhile
    const pids = existsSync(file) ? readFileSync(file, 'latin1').split(' ') : [];
    return pids.filter((pid) => pid !== '' && !isCompiler(pid));
  });
}

/** The loader of TypeScript starts it when it first meets a file that it has not seen before. */
function isCompiler(pid: string): boolean {
  return describeProcess(pid).includes('esbuild');
}

function describeProcess(pid: string): string {
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'latin1').replaceAll('\0', ' ') : '');
  return `${read(`/proc/${pid}/cmdline`)} ${read(`/proc/${pid}/status`).split('\n').slice(0, 3).join(' ')}`;
}

function openFiles(folder: string): readonly string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map((descriptor) => {
      try {
        return readlinkSync(`/proc/self/fd/${descriptor}`);
      } catch {
        // the descriptor of this very listing
        return '';
      }
    })
    .filter((file) => file.startsWith(folder));
}
