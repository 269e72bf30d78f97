import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { makeTemporaryFolder } from './files.ts';
import { requireServer } from './servers.ts';
import type { ServerName } from './servers.ts';
import type { TestContext } from 'node:test';

/** A real server of one test, which may be killed. */
export interface PrivateServer extends AsyncDisposable {
  readonly url: URL;
  /** with its data in it, where it has files */
  readonly folder: string;
  /** With SIGKILL, all of it; resolves when it is gone. */
  kill(): Promise<void>;
}

const STARTERS = {
  postgresql: 'startPostgresql',
  mysql: 'startMysql',
  mariadb: 'startMariadb',
} as const;

export type PrivateServerName = keyof typeof STARTERS;

/**
 * Starts a server of one's own with further settings (`[name, value]`), as `scripts/servers/<name>.mjs` does; some seconds. Undefined, and
 * the test skipped, where the shared one is not there either.
 */
export async function startPrivateServer(
  context: Pick<TestContext, 'skip'>,
  name: PrivateServerName,
  settings: readonly (readonly [name: string, value: string])[] = [],
): Promise<PrivateServer | undefined> {
  if (requireServer(context, name satisfies ServerName) === undefined) return undefined;
  const folder = await makeTemporaryFolder();
  // the servers' own users look into it
  await chmod(folder.path, 0o755);
  const script: unknown = await import(new URL(`../../../scripts/servers/${name}.mjs`, import.meta.url).href);
  const start: unknown = typeof script === 'object' && script !== null && Reflect.get(script, STARTERS[name]);
  if (typeof start !== 'function') throw new Error(`scripts/servers/${name}.mjs has no ${STARTERS[name]}`);
  const options =
    name === 'postgresql' ? Object.fromEntries(settings) : settings.map(([key, value]) => `--${key}=${value}`);
  const started: unknown = await start(folder.path, options);
  const { pid, url } = readState(started);
  const kill = (): Promise<void> => killGroup(pid);
  return {
    url: new URL(url),
    folder: folder.path,
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A DynamoDB of one's own (dynalite, in a process), empty. */
export async function startPrivateDynamodb(): Promise<PrivateServer> {
  const program = `const server = require('dynalite')({ createTableMs: 0, deleteTableMs: 0 });
server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const line: unknown = (await once(createInterface(child.stdout), 'line'))[0];
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  const url = new URL(`http://ergane:erganetest@127.0.0.1:${String(line)}`);
  return { url, folder: '', kill, [Symbol.asyncDispose]: kill };
}

function readState(state: unknown): { readonly pid: number; readonly url: string } {
  if (typeof state === 'object' && state !== null && 'pid' in state && 'url' in state) {
    const { pid, url } = state;
    if (typeof pid === 'number' && typeof url === 'string') return { pid, url };
  }
  throw new Error('the server did not say where it is');
}

/** A server is the leader of its process group; some have a process a connection. */
async function killGroup(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return;
      throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
