import { spawn, type ChildProcess } from 'node:child_process';

/** Reads "+ <pid>" and "- <pid>"; when the input ends, because its writer has ended, it kills the process groups that are left. */
const SCRIPT = `
live=
while read -r sign pid; do
  if [ "$sign" = + ]; then live="$live $pid"; continue; fi
  rest=
  for other in $live; do [ "$other" = "$pid" ] || rest="$rest $other"; done
  live=$rest
done
for pid in $live; do kill -s KILL -- "-$pid"; done 2>/dev/null
`;

/**
 * Sees to it that no process group outlives the host, however the host ends (SIGKILL included): one small shell process, in a
 * session of its own, that waits for the end of the pipe from the host.
 */
export class Reaper implements Disposable {
  readonly #groups = new Set<number>();
  #process: ChildProcess | undefined;

  add(group: number): void {
    this.#groups.add(group);
    if (this.#process === undefined) this.#start();
    else this.#process.stdin?.write(`+ ${group}\n`);
  }

  remove(group: number): void {
    if (this.#groups.delete(group)) this.#process?.stdin?.write(`- ${group}\n`);
  }

  [Symbol.dispose](): void {
    this.#process?.removeAllListeners('exit');
    this.#process?.stdin?.end();
    this.#process = undefined;
  }

  #start(): void {
    const child = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, env: {} });
    this.#process = child;
    child.unref();
    // without a reaper (no /bin/sh, or killed) functions still run and are ended by the host itself
    child.on('error', () => this.#lost(child)).on('exit', () => this.#lost(child));
    child.stdin.on('error', () => this.#lost(child));
    const { stdin } = child;
    if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
    for (const group of this.#groups) stdin.write(`+ ${group}\n`);
  }

  /** The next added group starts another reaper, which is told of all groups. */
  #lost(child: ChildProcess): void {
    if (this.#process === child) this.#process = undefined;
  }
}
