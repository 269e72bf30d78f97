import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../trino-type.ts';

/** A type in a signature: concrete, with number variables (`decimal(p,s)`), or a type variable (a capital letter; O is one with an order). */
export interface TypePattern {
  readonly name: string;
  readonly parameters: readonly (TypePattern | string | number)[];
}

/** What emission knows of a call: the arguments are DuckDB expressions in the signature's types. */
export interface Call {
  readonly args: readonly string[];
  readonly types: readonly TrinoType[];
  readonly result: TrinoType;
  /** the text of an argument that is a string literal */
  readonly texts: readonly (string | undefined)[];
  readonly lambdas: readonly (Lambda | undefined)[];
  /** an aggregate or window call of DuckDB, with this call's DISTINCT, ORDER BY, FILTER and OVER */
  readonly aggregate: (name: string, ...args: readonly string[]) => string;
}
/** A lambda as DuckDB has it: of one parameter, which for several of Trino's is a struct of f0, f1, …. */
export interface Lambda {
  readonly parameter: string;
  readonly body: string;
  /** `lambda parameter: body` */
  readonly sql: string;
  readonly result: TrinoType;
}

/** A template in which `$1`, `$2` … are the arguments and `$*` all of them, or a function of the call. */
export type Emit = string | ((call: Call) => string);

export interface FunctionSignature {
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate' | 'window';
  readonly parameters: readonly TypePattern[];
  /** the last parameter may come any number of times (also never) */
  readonly variadic: boolean;
  readonly result: TypePattern;
  readonly emit: Emit;
  readonly text: string;
  /** the return type where the pattern cannot say it */
  readonly returns?: (types: readonly TrinoType[]) => TrinoType;
}

export type Entry = readonly [signature: string, emit: Emit, returns?: (types: readonly TrinoType[]) => TrinoType];

/** Signatures as data: `round(decimal(p,s), integer) -> decimal(p,s)`; a `...` after the last parameter makes it variadic. */
export const scalar = (...entries: readonly Entry[]) => entries.map((entry) => parseSignature('scalar', entry));
export const aggregate = (...entries: readonly Entry[]) => entries.map((entry) => parseSignature('aggregate', entry));
export const windowed = (...entries: readonly Entry[]) => entries.map((entry) => parseSignature('window', entry));

function parseSignature(kind: FunctionSignature['kind'], [text, emit, returns]: Entry): FunctionSignature {
  const match = /^([$\w]+)\((.*)\)\s*->\s*(.+)$/.exec(text);
  const [, name = '', list = '', result = ''] = match ?? [];
  if (!match) throw new ErganeError('INTERNAL', `bad signature ${text}`);
  const variadic = list.endsWith('...');
  const parts = splitTop(variadic ? list.slice(0, -3) : list);
  return {
    name,
    kind,
    parameters: parts.map(parsePattern),
    variadic,
    result: parsePattern(result),
    emit,
    text,
    ...(returns ? { returns } : {}),
  };
}

function splitTop(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < list.length; index++) {
    if (list[index] === '(') depth++;
    else if (list[index] === ')') depth--;
    else if (list[index] === ',' && depth === 0) {
      parts.push(list.slice(start, index));
      start = index + 1;
    }
  }
  const last = list.slice(start).trim();
  return last === '' ? parts : [...parts, last];
}

const patterns = new Map<string, TypePattern>();

export function parsePattern(text: string): TypePattern {
  const trimmed = text.trim();
  let pattern = patterns.get(trimmed);
  if (!pattern) patterns.set(trimmed, (pattern = readPattern(trimmed)));
  return pattern;
}

function readPattern(text: string): TypePattern {
  const zoned = text.endsWith(' with time zone');
  const base = zoned ? text.slice(0, -' with time zone'.length) : text;
  const match = /^([^(]+)(?:\((.*)\))?$/.exec(base);
  const name = `${match?.[1]?.trim() ?? base}${zoned ? ' with time zone' : ''}`;
  const parameters = match?.[2] === undefined ? [] : splitTop(match[2]).map((part) => readParameter(part.trim()));
  return { name, parameters };
}

function readParameter(text: string): TypePattern | string | number {
  if (/^\d+$/.test(text)) return Number(text);
  return /^[a-z]\d?$/.test(text) ? text : parsePattern(text);
}

export const isVariable = (pattern: TypePattern) => /^[A-Z]$/.test(pattern.name);
