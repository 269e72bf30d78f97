import { FUNCTION_CATALOG } from '../compiled-statement.ts';
import type { QualifiedName, Statement } from './syntax-tree.ts';

const NAME =
  String.raw`(?:"(?:[^"]|"")+"|` +
  '`(?:[^`]|``)+`' +
  String.raw`|[\p{L}_@:$][\p{L}\p{N}_@:$-]*|\d+[\p{L}_][\p{L}\p{N}_]*)`;
const PATH = `${NAME}(?:\\s*\\.\\s*${NAME})*`;
const STRING = `'((?:[^']|'')*)'`;
const END = String.raw`\s*;?\s*$`;
const pattern = (source: string) => new RegExp(`^\\s*${source}${END}`, 'isu');

const SHOW_DATABASES = pattern(
  `show\\s+(?:databases|schemas)(?:\\s+(?:in|from)\\s+(${NAME}))?(?:\\s+like)?(?:\\s+${STRING})?`,
);
const SHOW_TABLES = pattern(`show\\s+tables(?:\\s+(?:in|from)\\s+(${PATH}))?(\\s+like)?(?:\\s+${STRING})?`);
const SHOW_VIEWS = pattern(`show\\s+views(?:\\s+(?:in|from)\\s+(${PATH}))?(?:\\s+like)?(?:\\s+${STRING})?`);
const SHOW_COLUMNS = pattern(`show\\s+columns\\s+(?:in|from)\\s+(${PATH})(?:\\s+(?:in|from)\\s+(${PATH}))?`);
const DESCRIBE = pattern(`desc(?:ribe)?\\s+(?:(formatted|extended)\\s+)?(?:(?:table|view)\\s+)?(${PATH})`);
const USE = pattern(`use\\s+(${PATH})`);
const COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;
const DDL =
  /^(?:create\s+(?:external\s+table|database|schema|table)|drop\s+(?:table|database|schema)|alter\s+(?:table|database|schema|view)|msck\s+repair|show\s+(?:partitions|create\s+table|tblproperties)|truncate|vacuum|optimize|merge|delete|update)\b/i;

/** Trino's grammar reads it: only Hive's DDL has types after the columns, and no AS or WITH right after the name or the names. */
const CREATE_TABLE_AS = new RegExp(
  `^create\\s+table\\s+(?:if\\s+not\\s+exists\\s+)?${PATH}\\s*(?:\\(\\s*${NAME}(?:\\s*,\\s*${NAME})*\\s*\\)\\s*)?(?:comment\\s+${STRING}\\s*)?(?:with\\s*\\(|as\\b)`,
  'isu',
);

/**
 * Statements that the Trino grammar does not know in Athena's (Hive's) form, as plain data. Anything that creates or changes
 * something is `ddl`, with its text; undefined is left to the Trino grammar.
 */
export function parseUtility(source: string): Statement | undefined {
  const text = source.replace(COMMENTS, '');
  const databases = SHOW_DATABASES.exec(text);
  if (databases) return { kind: 'show schemas', ...optional('catalog', names(databases[1])[0]), ...like(databases[2]) };
  const tables = SHOW_TABLES.exec(text);
  if (tables) {
    const [schema, catalog] = names(tables[1]).reverse();
    const hive = tables[2] === undefined && tables[3] !== undefined ? { hive: true } : {};
    return {
      kind: 'show tables',
      ...optional('catalog', catalog),
      ...optional('schema', schema),
      ...like(tables[3]),
      ...hive,
    };
  }
  const columns = SHOW_COLUMNS.exec(text);
  if (columns) return { kind: 'show columns', table: qualify([...names(columns[2]), ...names(columns[1])]) };
  const described = DESCRIBE.exec(text);
  if (described && !/^desc(?:ribe)?\s+(?:input|output)\s+\S/i.test(text)) {
    const style = described[1]?.toLowerCase() === 'extended' ? 'extended' : described[1] ? 'formatted' : 'plain';
    return { kind: 'describe', table: qualify(names(described[2])), style };
  }
  // DESCRIBE with PARTITION or a column is Hive's
  if (/^desc(?:ribe)?\s+(?!(?:input|output)\s)/i.test(text)) return { kind: 'ddl', text: source };
  const used = USE.exec(text);
  if (used) {
    const [schema, catalog] = names(used[1]).reverse();
    return { kind: 'use', schema: schema ?? '', ...optional('catalog', catalog) };
  }
  const views = SHOW_VIEWS.exec(text);
  if (views) {
    const [schema, catalog] = names(views[1]).reverse();
    return { kind: 'show views', ...optional('catalog', catalog), ...optional('schema', schema), ...like(views[2]) };
  }
  if (CREATE_TABLE_AS.test(text)) return undefined;
  return DDL.test(text) ? { kind: 'ddl', text: source } : undefined;
}

/** A name of up to three parts; undefined: the text is none. */
export function readName(text: string): QualifiedName | undefined {
  return new RegExp(`^${PATH}$`, 'isu').test(text.trim()) ? qualify(names(text)) : undefined;
}

function names(path: string | undefined): string[] {
  return [...(path ?? '').matchAll(new RegExp(NAME, 'gu'))].map(([name]) =>
    name.startsWith('"')
      ? lowerCased(name.slice(1, -1).replaceAll('""', '"'))
      : name.startsWith('`')
        ? name.slice(1, -1).replaceAll('``', '`').toLowerCase()
        : name.toLowerCase(),
  );
}

/** The name of a function as a catalog, `"lambda:Orders"`, has a case. */
const lowerCased = (name: string) => (name.startsWith(FUNCTION_CATALOG) ? name : name.toLowerCase());

function qualify(parts: readonly string[]): QualifiedName {
  const [table = '', schema, catalog] = [...parts].reverse();
  return { table, ...optional('schema', schema), ...optional('catalog', catalog) };
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  if (value === undefined) return {};
  const result: { [P in K]?: string } = {};
  result[key] = value;
  return result;
}

const like = (text: string | undefined) => (text === undefined ? {} : { like: text.replaceAll("''", "'") });
