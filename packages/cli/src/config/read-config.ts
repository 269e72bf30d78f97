import { ErganeError } from '@ergane/protocol';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ErganeConfig } from './config.ts';
import { CONFIG_SHAPE } from './config-shape.ts';
import { checkShape, isObject, type ShapeProblem } from './shape.ts';

export const CONFIG_NAMES = [
  'ergane.config.yaml',
  'ergane.config.yml',
  'ergane.config.json',
  'ergane.config.ts',
  'ergane.config.mjs',
] as const;

export interface LoadedConfig {
  readonly config: ErganeConfig;
  /** undefined: there is no file, everything is the default */
  readonly file: string | undefined;
  /** what relative paths are relative to */
  readonly folder: string;
}

/**
 * Reads the named file, else the nearest `ergane.config.*` of the folder and those above it.
 * @throws ErganeError CONFIG_INVALID that names file, line and setting; every problem of the file, a line each
 */
export async function readConfig(from: { readonly folder: string; readonly file?: string }): Promise<LoadedConfig> {
  const file = from.file === undefined ? findConfig(from.folder) : path.resolve(from.folder, from.file);
  if (file === undefined) return { config: {}, file: undefined, folder: from.folder };
  const config = /\.(ya?ml|json)$/.test(file) ? await readData(file) : await readModule(file);
  return { config, file, folder: path.dirname(file) };
}

function findConfig(folder: string): string | undefined {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    const [found, second] = CONFIG_NAMES.filter((name) => existsSync(path.join(current, name)));
    if (second !== undefined) {
      const message = `${current} has both ${found} and ${second}: remove one, or name one with --config`;
      throw new ErganeError('CONFIG_INVALID', message);
    }
    if (found !== undefined) return path.join(current, found);
    if (path.dirname(current) === current) return undefined;
  }
}

async function readData(file: string): Promise<ErganeConfig> {
  const { parseWithLines } = await import('./yaml-lines.ts');
  const { value, error, findLine } = parseWithLines(await readText(file));
  if (error !== undefined) throw problem(file, [{ line: error.line, text: error.message }]);
  return checkConfig(value ?? {}, file, (found) => findLine(found.path));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ErganeError('CONFIG_INVALID', `the configuration ${file} cannot be read: ${reason}`, { cause });
  }
}

async function readModule(file: string): Promise<ErganeConfig> {
  if (!existsSync(file)) await readText(file);
  const module = await importModule(file);
  return checkConfig(module['default'], file, () => undefined);
}

async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    const isUnknown = cause instanceof Error && 'code' in cause && cause.code === 'ERR_UNKNOWN_FILE_EXTENSION';
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = isUnknown
      ? `this Node.js (${process.versions.node}) does not read TypeScript: use Node.js 22.18 or newer, or write it as .yaml, .json or .mjs`
      : reason;
    throw new ErganeError('CONFIG_INVALID', `the configuration ${file} cannot be loaded: ${advice}`, { cause });
  }
}

function checkConfig(
  value: unknown,
  file: string,
  findLine: (problem: ShapeProblem) => number | undefined,
): ErganeConfig {
  // a section whose catalogs are all commented out
  const whole = isObject(value) && value['catalogs'] === null ? { ...value, catalogs: {} } : value;
  const problems = checkShape(whole, CONFIG_SHAPE);
  if (problems.length > 0) {
    const texts = problems.map((found) => ({ line: findLine(found), text: printProblem(found) }));
    throw problem(file, texts, problems[0]);
  }
  return whole as ErganeConfig; // checked against CONFIG_SHAPE, which mirrors it
}

function printProblem({ path: at, message }: ShapeProblem): string {
  return at.length === 0 ? `the configuration ${message}` : `${printPath(at)} ${message}`;
}

/** `catalogs.shop.env` */
function printPath(at: readonly (string | number)[]): string {
  return at
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

function problem(
  file: string,
  texts: readonly { readonly line: number | undefined; readonly text: string }[],
  first?: ShapeProblem,
): ErganeError {
  const message = texts.map(({ line, text }) => `${file}${line === undefined ? '' : `:${line}`}: ${text}`).join('\n');
  const line = texts[0]?.line;
  const setting = first === undefined ? undefined : printPath(first.path);
  const where = { ...(line !== undefined && { line }), ...(setting !== undefined && { setting }) };
  return new ErganeError('CONFIG_INVALID', message, { where });
}
