import type { CorpusCase } from './corpus-case.ts';

export type Outcome =
  /** `error`: of a statement that must fail, its name beside Trino's */
  | { readonly kind: 'pass'; readonly error?: { readonly isTrinos: boolean; readonly different?: string } }
  /** an error where Trino gives rows */
  | { readonly kind: 'error'; readonly detail: string }
  /** rows where Trino gives others, or gives an error: worse than an error */
  | { readonly kind: 'wrong'; readonly detail: string };

/** What a case gave. */
export interface Answer {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly types: readonly string[];
  readonly names: readonly string[];
}

/** Column count, types, rows and names, by the rules of the corpus. */
export function compareAnswer(test: CorpusCase, answer: Answer): Outcome {
  const wrong = (what: string, expected: unknown, got: unknown): Outcome => ({
    kind: 'wrong',
    detail: `${what}: expected ${JSON.stringify(expected)?.slice(0, 300)}, got ${JSON.stringify(got)?.slice(0, 300)}`,
  });
  const expectedTypes = test.types ?? [];
  if (JSON.stringify(expectedTypes) !== JSON.stringify(answer.types))
    return wrong('types', expectedTypes, answer.types);
  const expected = (test.rows ?? []).map((row) => row.map((value) => normal(value, test)));
  const got = answer.rows.map((row) => row.map((value) => normal(value, test)));
  if (expected.length !== got.length) return wrong('row count', expected, got);
  const same = test.ordered ? equalRows(expected, got, test) : equalRows(sorted(expected), sorted(got), test);
  if (!same) return wrong('rows', expected, got);
  if (JSON.stringify(test.names ?? []) !== JSON.stringify(answer.names))
    return wrong('names', test.names, answer.names);
  return { kind: 'pass' };
}

/** A time that becomes a timestamp is one of today: the day on which Trino was asked is no part of the answer. */
const OF_TODAY = /^SELECT CAST\(TIME '[^']*' AS TIMESTAMP/i;

function normal(value: string | null, test: CorpusCase): string | null {
  if (value === null) return null;
  if (OF_TODAY.test(test.sql)) return value.replace(/^\d{4}-\d\d-\d\d /, 'today ');
  const text = test.trimEnd ? value.trimEnd() : value;
  const list = test.anyOrder && text.startsWith('[') ? /^\[(.*)\]$/s.exec(text) : undefined;
  if (test.types?.some((type) => type.includes('map(') && !type.includes('row('))) return sortMaps(text);
  const map = /^\{(.*)\}$/s.exec(text);
  if (list) return `[${(list[1] ?? '').split(', ').sort().join(', ')}]`;
  return map && text.includes('=') ? `{${(map[1] ?? '').split(', ').sort().join(', ')}}` : text;
}

/** The entries of every map, also of those in arrays and maps, in one order. */
function sortMaps(text: string): string {
  const inner = /\{([^{}]*)\}/g;
  return inner.test(text)
    ? sortMaps(text.replaceAll(inner, (_match, entries: string) => `<${topLevel(entries).sort().join(', ')}>`))
    : text;
}

/** The parts between commas that stand in no bracket. */
function topLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if ('[<('.includes(text.charAt(index))) depth++;
    if (']>)'.includes(text.charAt(index))) depth--;
    if (depth === 0 && text.startsWith(', ', index)) {
      parts.push(text.slice(start, index));
      start = index + 2;
    }
  }
  return [...parts, text.slice(start)];
}

const sorted = (rows: readonly (readonly (string | null)[])[]) =>
  rows
    .map((row) => ({ row, key: JSON.stringify(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);

function equalRows(
  a: readonly (readonly (string | null)[])[],
  b: readonly (readonly (string | null)[])[],
  test: CorpusCase,
): boolean {
  return a.every((row, index) =>
    row.every((value, column) => equalCell(value, b[index]?.[column] ?? null, test.tolerance)),
  );
}

const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g;

function equalCell(a: string | null, b: string | null, tolerance: number | undefined): boolean {
  if (a === b) return true;
  if (a === null || b === null || tolerance === undefined) return false;
  const [x, y] = [a.match(NUMBER) ?? [], b.match(NUMBER) ?? []];
  if (x.length === 0 || x.length !== y.length || a.replaceAll(NUMBER, '#') !== b.replaceAll(NUMBER, '#')) return false;
  return x.every((text, index) => {
    const [left, right] = [Number(text), Number(y[index])];
    return Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right), 1e-12);
  });
}
