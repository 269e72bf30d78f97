import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

/** Memory of a process and all its descendants, in MiB. */
export interface MemoryReading {
  /** resident now, summed over the tree */
  readonly residentMb: number;
  /** the most that is known to have been resident: of the tree now, or of its root ever */
  readonly peakMb: number;
}

/** What was last seen of a process tree: listing it costs ten times as much as reading one process. */
export interface TreeListing {
  readonly descendants: readonly number[];
  /** performance.now() */
  readonly listedAt: number;
}

/** How long processes that a function starts may stay unseen. */
const LISTING_MS = 500;

/**
 * Reads the memory of process trees by their root's id; a process that has ended is absent from the answer. `listings` belongs to
 * the caller, who keeps it from one reading to the next.
 */
export async function readMemory(
  roots: readonly number[],
  listings = new Map<number, TreeListing>(),
): Promise<ReadonlyMap<number, MemoryReading>> {
  if (process.platform !== 'linux') return readMemoryFromPs(roots);
  const readings = new Map<number, MemoryReading>();
  for (const root of roots) {
    const reading = readTreeMemory(root, findDescendants(root, listings));
    if (reading !== undefined) readings.set(root, reading);
  }
  return readings;
}

function findDescendants(root: number, listings: Map<number, TreeListing>): readonly number[] {
  const listedAt = performance.now();
  const known = listings.get(root);
  if (known !== undefined && listedAt - known.listedAt < LISTING_MS) return known.descendants;
  const descendants = listDescendants(root);
  listings.set(root, { descendants, listedAt });
  return descendants;
}

/** Linux only: the reading of one tree at once; undefined when the process has ended. */
export function readTreeMemory(root: number, descendants = listDescendants(root)): MemoryReading | undefined {
  const status = readProc(`/proc/${root}/status`);
  if (status === undefined) return undefined;
  let residentKb = kilobytes(status, 'VmRSS');
  for (const pid of descendants) residentKb += kilobytes(readProc(`/proc/${pid}/status`) ?? '', 'VmRSS');
  return { residentMb: residentKb / 1024, peakMb: Math.max(residentKb, kilobytes(status, 'VmHWM')) / 1024 };
}

/** Linux only (elsewhere empty): ids of all descendants of a process, whatever their process group. */
export function listDescendants(root: number): readonly number[] {
  const found: number[] = [];
  const waiting = [root];
  for (let parent = waiting.pop(); parent !== undefined; parent = waiting.pop()) {
    for (const thread of readThreads(parent)) {
      const children =
        readProc(`/proc/${parent}/task/${thread}/children`)?.split(' ').filter(Boolean).map(Number) ?? [];
      found.push(...children);
      waiting.push(...children);
    }
  }
  return found;
}

function kilobytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0);
}

function readThreads(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch (error) {
    return ifGone(error, []);
  }
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    return ifGone(error, undefined);
  }
}

/** A process may end between two reads: then its files are gone (ENOENT, or ESRCH while open). */
function ifGone<Value>(error: unknown, value: Value): Value {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES' || code === 'ENOTDIR') return value;
  throw error;
}

async function readMemoryFromPs(roots: readonly number[]): Promise<Map<number, MemoryReading>> {
  // a system without ps has no memory readings, and so no memory limit
  const text = await new Promise<string>((resolve) => {
    execFile('ps', ['-A', '-o', 'pid=,ppid=,rss='], { maxBuffer: 16_777_216 }, (_, stdout) => resolve(stdout));
  });
  return sumTrees(text, roots);
}

/** Sums what `ps -o pid=,ppid=,rss=` prints (rss in KiB) over the trees of the given roots. */
export function sumTrees(text: string, roots: readonly number[]): Map<number, MemoryReading> {
  const resident = new Map<number, number>();
  const children = new Map<number, number[]>();
  for (const line of text.split('\n')) {
    const [pid, parent, kb] = line.trim().split(/\s+/).map(Number);
    if (pid === undefined || parent === undefined || kb === undefined) continue;
    resident.set(pid, kb);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce((total, child) => total + sum(child), resident.get(pid) ?? 0);
  const readings = new Map<number, MemoryReading>();
  for (const root of roots) {
    if (resident.has(root)) readings.set(root, { residentMb: sum(root) / 1024, peakMb: sum(root) / 1024 });
  }
  return readings;
}
