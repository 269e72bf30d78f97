// What the benchmarks share: several runs of things side by side, their minimum and median, CPU of processes, peak memory.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Figures {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export function summarise(values: readonly number[]): Figures {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return { min: at(0), median: at(sorted.length >> 1), max: at(sorted.length - 1) };
}

export async function timeMs(run: () => Promise<unknown> | unknown): Promise<number> {
  const from = performance.now();
  await run();
  return performance.now() - from;
}

/** Runs the candidates in turn, `rounds` times, after one round that does not count: the machine's moods meet all of them. */
export async function compare(
  candidates: Readonly<Record<string, () => Promise<unknown> | unknown>>,
  rounds: number,
): Promise<Readonly<Record<string, Figures>>> {
  const times: Record<string, number[]> = {};
  for (let round = -1; round < rounds; round++)
    for (const [name, run] of Object.entries(candidates)) {
      const ms = await timeMs(run);
      if (round >= 0) (times[name] ??= []).push(ms);
    }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, summarise(values)]));
}

export function printFigures(name: string, { min, median, max }: Figures, unit = 'ms'): void {
  const text = [min, median, max].map((value) => value.toFixed(value < 100 ? 2 : 0));
  console.log(`${name.padEnd(52)} min ${text[0]}  median ${text[1]}  max ${text[2]} ${unit}`);
}

/** A line with what must be reached and what was. `atLeast` or `atMost` is the target. */
export function printTarget(
  name: string,
  value: number,
  target: { readonly atLeast?: number; readonly atMost?: number },
): void {
  const { atLeast, atMost } = target;
  const isMet = (atLeast === undefined || value >= atLeast) && (atMost === undefined || value <= atMost);
  const bound = atLeast === undefined ? `<= ${atMost}` : `>= ${atLeast}`;
  console.log(`${isMet ? 'reached' : 'MISSED '}  ${name}: ${value.toFixed(3)} (must be ${bound})`);
}

const TICKS_A_SECOND = 100;

/** User and system seconds that a process has used; 0 when it is gone. Linux only. */
export function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  } catch {
    return 0;
  }
}

/** Peak resident memory of a process in MiB (VmHWM); 0 when it is gone. */
export function peakMemoryOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Makes VmHWM of this process count anew. */
export function resetPeakMemory(pid: number | 'self' = 'self'): void {
  spawnSync('sh', ['-c', `echo 5 > /proc/${pid}/clear_refs`]);
}

/** Runs a shell command to its end, output thrown away; throws when it fails. */
export function runShell(command: string, environment: Readonly<Record<string, string>> = {}): void {
  const result = spawnSync('bash', ['-o', 'pipefail', '-c', command], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (result.status !== 0) throw new Error(`${command}: exit ${result.status}\n${result.stderr}`);
}
