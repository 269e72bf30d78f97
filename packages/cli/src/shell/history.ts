import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Environment } from '../config/references.ts';

const KEPT = 1_000;

/** Statements of earlier sessions, the newest first, one JSON text a line in a file that only its user may read. */
export interface History {
  readonly entries: readonly string[];
  add(statement: string): Promise<void>;
}

/** `$ERGANE_HISTORY`, else `ergane/history` of the XDG state folder; an empty variable: no file. */
export function historyFile(environment: Environment): string | undefined {
  const named = environment['ERGANE_HISTORY'];
  if (named !== undefined) return named === '' ? undefined : named;
  const state = environment['XDG_STATE_HOME'] || path.join(environment['HOME'] ?? os.homedir(), '.local', 'state');
  return path.join(state, 'ergane', 'history');
}

export async function openHistory(file: string | undefined): Promise<History> {
  let entries: readonly string[] = file === undefined ? [] : await read(file);
  return {
    get entries() {
      return entries;
    },
    async add(statement) {
      entries = [statement, ...entries.filter((entry) => entry !== statement)].slice(0, KEPT);
      if (file === undefined) return;
      await mkdir(path.dirname(file), { recursive: true });
      await appendFile(file, `${JSON.stringify(statement)}\n`, { mode: 0o600 });
    },
  };
}

async function read(file: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return []; // a first session, or a file of others: the shell works without
  }
  const lines = text.split('\n').filter((line) => line !== '');
  const entries = [...new Set(lines.flatMap(parseLine).reverse())].slice(0, KEPT);
  if (lines.length > 2 * KEPT) {
    const kept = [...entries].reverse().map((entry) => `${JSON.stringify(entry)}\n`);
    await writeFile(file, kept.join(''), { mode: 0o600 });
  }
  return entries;
}

function parseLine(line: string): string[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'string' ? [value] : [];
  } catch {
    return [line]; // written by hand
  }
}
