import type { Place } from '../session.ts';
import type { Names } from './names.ts';

const KEYWORDS =
  'select from where group by having order limit offset join left right full inner cross outer on using as and or not in is null like between exists case when then else end cast distinct union all except intersect with values desc asc nulls first last show catalogs schemas databases tables columns describe explain analyze use create external table database drop count sum avg min max coalesce'.split(
    ' ',
  );

const NAME = String.raw`(?:"(?:[^"]|"")*"|[\w$@-]+)`;
const FRAGMENT = new RegExp(String.raw`(?:${NAME}\.)*(?:"[^"]*|[\w$@-]*)$`);
const TABLES = new RegExp(
  String.raw`\b(?:from|join)\s+(${NAME}(?:\.${NAME}){0,2})(?:\s+(?:as\s+)?(?!on\b|where\b|join\b|using\b|left\b|group\b|order\b|limit\b)(${NAME}))?`,
  'gi',
);

export interface Completion {
  readonly candidates: readonly string[];
  /** the end of the text that a candidate takes the place of */
  readonly fragment: string;
}

/**
 * What the end of a statement may go on with: after dots the schemas, tables or columns of what stands before them; otherwise keywords,
 * catalogs, tables of the current schema and columns of the statement's tables. A source that cannot be asked offers nothing.
 */
export async function complete(
  text: string,
  { names, place }: { readonly names: Names; readonly place: Place },
): Promise<Completion> {
  const fragment = FRAGMENT.exec(text)?.[0] ?? '';
  const parts = splitParts(fragment);
  const before = parts.slice(0, -1).map(unquote);
  const start = unquote(parts.at(-1) ?? '').toLowerCase();
  const found =
    before.length === 0
      ? await listUnqualified(text, { names, place })
      : await listInside(before, text, { names, place });
  const prefix = parts
    .slice(0, -1)
    .map((part) => `${part}.`)
    .join('');
  const candidates = [...new Set(found)].filter((name) => name.toLowerCase().startsWith(start)).sort();
  return { candidates: candidates.map((name) => prefix + quoteName(name)), fragment };
}

interface Context {
  readonly names: Names;
  readonly place: Place;
}

async function listUnqualified(text: string, { names, place }: Context): Promise<readonly string[]> {
  const { catalog, schema } = place;
  const referenced = findTables(text, place);
  const [catalogs, tables, ...columns] = await Promise.all([
    attempt(() => names.catalogs()),
    attempt(async () => (catalog === undefined || schema === undefined ? [] : names.tables(catalog, schema))),
    ...referenced.map(({ path: [first, second, third] }) => attempt(() => names.columns(first, second, third))),
  ]);
  return [
    ...KEYWORDS,
    ...(catalogs ?? []),
    ...(tables ?? []),
    ...columns.flat(),
    ...referenced.flatMap(({ alias }) => alias ?? []),
  ];
}

async function listInside(
  before: readonly string[],
  text: string,
  { names, place }: Context,
): Promise<readonly string[]> {
  const [first = '', second, third] = before.map((part) => part.toLowerCase());
  const { catalog, schema } = place;
  if (third !== undefined && second !== undefined) return attempt(() => names.columns(first, second, third));
  if (second !== undefined) {
    const inCatalog = await attempt(() => names.tables(first, second));
    return inCatalog.length > 0 || catalog === undefined
      ? inCatalog
      : attempt(() => names.columns(catalog, first, second));
  }
  const table = findTables(text, place).find(({ alias, path: [, , name] }) => (alias ?? name).toLowerCase() === first);
  const columns = table === undefined ? [] : await attempt(() => names.columns(...table.path));
  if (columns.length > 0) return columns;
  const schemas = await attempt(async () => ((await names.catalogs()).includes(first) ? names.schemas(first) : []));
  if (schemas.length > 0 || catalog === undefined) return schemas;
  const tables = await attempt(() => names.tables(catalog, first));
  return tables.length > 0 || schema === undefined ? tables : attempt(() => names.columns(catalog, schema, first));
}

interface TableReference {
  readonly path: readonly [catalog: string, schema: string, table: string];
  readonly alias: string | undefined;
}

/** The tables that a statement reads, as far as its text says it. */
export function findTables(text: string, { catalog, schema }: Place): readonly TableReference[] {
  return [...text.matchAll(TABLES)].flatMap(([, name = '', alias]) => {
    const parts = splitParts(name).map((part) => unquote(part).toLowerCase());
    const [first, second, third] = [...[catalog, schema].slice(parts.length - 1 || 0), ...parts];
    if (first === undefined || second === undefined || third === undefined) return [];
    return [{ path: [first, second, third] as const, alias: alias === undefined ? undefined : unquote(alias) }];
  });
}

/** Completion is a courtesy: what is wrong with a source is said when it is queried. */
async function attempt(find: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await find();
  } catch {
    return [];
  }
}

const splitParts = (name: string): readonly string[] => name.match(/"(?:[^"]|"")*"?|[^."]+|(?<=\.)$|^$/g) ?? [''];
const unquote = (part: string): string =>
  part.startsWith('"') ? part.replace(/^"|"$/g, '').replaceAll('""', '"') : part;
const quoteName = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/i.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
