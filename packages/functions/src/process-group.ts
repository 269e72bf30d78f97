import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { listDescendants } from './process-memory.ts';
import type { Reaper } from './reaper.ts';

/** How a process ended; `problem` when it could not be started at all. */
export interface ProcessEnd {
  readonly exitCode?: number;
  readonly signal?: string;
  readonly problem?: string;
}

export interface ProcessGroupOptions {
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly onOutput: (stream: 'stdout' | 'stderr', source: Readable) => void;
  readonly reaper: Reaper;
}

/** A process that leads a process group of its own. */
export interface ProcessGroup {
  /** undefined when the process could not be started */
  readonly pid: number | undefined;
  /** resolves when the process has ended and its output has been read */
  readonly ended: Promise<ProcessEnd>;
  /** signals every process of the group; with SIGKILL also descendants that left the group */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** Output of a process that has ended is awaited no longer than this: a descendant in another session may hold the pipe. */
const OUTPUT_GRACE_MS = 250;

export function startProcessGroup(options: ProcessGroupOptions): ProcessGroup {
  const [program, ...args] = options.command;
  const child = spawn(program, args, {
    cwd: options.directory,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid, stdout, stderr } = child;
  options.onOutput('stdout', stdout);
  options.onOutput('stderr', stderr);
  if (pid !== undefined) options.reaper.add(pid);
  let over = pid === undefined;
  const kill = (signal: 'SIGTERM' | 'SIGKILL'): void => {
    if (pid === undefined || over) return;
    const strays = signal === 'SIGKILL' && process.platform === 'linux' ? listDescendants(pid) : [];
    for (const target of [-pid, ...strays]) sendSignal(target, signal);
  };
  const ended = new Promise<ProcessEnd>((resolve) => {
    child.on('error', (error) => resolve({ problem: describeStartProblem(options, error) }));
    child.on('exit', (exitCode, signal) => {
      if (pid !== undefined) {
        sendSignal(-pid, 'SIGKILL');
        options.reaper.remove(pid);
      }
      over = true;
      const end = { ...(exitCode !== null && { exitCode }), ...(signal !== null && { signal }) };
      void outputRead([stdout, stderr]).then(() => resolve(end));
    });
  });
  return { pid, ended, kill };
}

async function outputRead(streams: readonly Readable[]): Promise<void> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), OUTPUT_GRACE_MS);
  await Promise.all(
    streams.map(async (stream) => {
      if (!stream.readable) return;
      await once(stream, 'close', { signal: abort.signal }).catch((error: unknown) => {
        if (!abort.signal.aborted) throw error;
        stream.destroy();
      });
    }),
  );
  clearTimeout(timer);
}

/** A group or process that is gone already needs no signal (EPERM: macOS says so of a group of zombies). */
function sendSignal(target: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

function describeStartProblem(options: ProcessGroupOptions, error: Error): string {
  if (!existsSync(options.directory)) return `its directory ${options.directory} does not exist`;
  const code = 'code' in error ? error.code : undefined;
  const [program] = options.command;
  if (code === 'ENOENT') return `the program "${program}" was not found`;
  if (code === 'EACCES') return `the program "${program}" may not be executed`;
  return `"${program}": ${error.message}`;
}
