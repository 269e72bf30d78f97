import type { Invoker } from '@ergane/protocol';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FunctionConfig } from '../src/index.ts';

export function fixture(file: string): string {
  return fileURLToPath(new URL(`./fixtures/${file}`, import.meta.url));
}

/** The function of `fixtures/function.mjs`, which does what the event says. */
export function behaviour(settings: Partial<FunctionConfig> = {}): FunctionConfig {
  // longer than the default, because the machine may be busy
  return { name: 'f', command: [process.execPath, fixture('function.mjs')], initSeconds: 60, ...settings };
}

/** Calls a function with a JSON event and gives its answer. */
export async function callFunction(
  invoker: Invoker,
  event: Readonly<Record<string, unknown>>,
  options: { readonly name?: string; readonly signal?: AbortSignal; readonly group?: string } = {},
): Promise<unknown> {
  const { name = 'f', ...rest } = options;
  const { payload } = await invoker.invoke({
    functionName: name,
    payload: Buffer.from(JSON.stringify(event)),
    ...rest,
  });
  return JSON.parse(Buffer.from(payload).toString());
}

/** The number that an answer has under a name. */
export function numberOf(answer: unknown, name: string): number {
  const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : undefined;
  if (typeof value !== 'number') throw new Error(`no number "${name}" in ${JSON.stringify(answer)}`);
  return value;
}

/** Whether a process runs. One that has ended but still waits for its parent, such as init, to notice does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

/** Waits until something holds, which it must within a minute. */
export async function waitUntil(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`never came true: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
