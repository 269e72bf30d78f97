import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** How long what another machine began is left alone: whether its process lives cannot be seen from here. */
const FOREIGN_MS = 24 * 3600_000;

/** This process, told apart from every other that had or will have its number: `host pid start`. */
export function processIdentity(): string {
  return `${hostname()} ${process.pid} ${startOf(process.pid) ?? ''}`;
}

/** Whether the process that began something at `startedAt` has certainly ended. */
export function isGone(identity: string, startedAt: number): boolean {
  const [host = '', pidText = '', start = ''] = identity.split(' ');
  if (host !== hostname()) return Date.now() - startedAt > FOREIGN_MS;
  const pid = Number(pidText);
  if (!isAlive(pid)) return true;
  return (startOf(pid) ?? '') !== start;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}

/** When a process began, by Linux's clock since its boot, with the boot; undefined where it cannot be known. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // proc(5): the name in parentheses may hold blanks; `starttime` is the 20th field after it
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${ticks ?? ''}`;
  } catch {
    return undefined;
  }
}
