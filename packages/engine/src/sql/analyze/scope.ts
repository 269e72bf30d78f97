import type { Expression, Name, Position } from '../parse/syntax-tree.ts';
import type { TrinoType } from '../trino-type.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import { didYouMean } from '../did-you-mean.ts';

/** A column that a relation offers. */
export interface Field {
  /** as written; undefined for a column without a name */
  readonly name?: string;
  readonly type: TrinoType;
  readonly sql: string;
  /** the names that may stand before the column's: `t`, or catalog, schema and table; lower case */
  readonly qualifier: readonly string[];
  readonly hidden?: boolean;
  /** why the column may not be named here: it is neither grouped nor aggregated */
  readonly ungrouped?: boolean;
}

/** The columns that names in an expression can mean; names not found are looked for in the query around it. */
export interface Scope {
  readonly fields: readonly Field[];
  readonly parent?: Scope;
}

/** `a.b.c` as its parts, undefined if the expression is no plain path of names. */
export function pathOf(node: Expression): readonly Name[] | undefined {
  if (node.kind === 'name') return [node.name];
  if (node.kind !== 'field') return undefined;
  const base = pathOf(node.base);
  return base && [...base, node.field];
}

const same = (a: string | undefined, b: string) => a !== undefined && a.toLowerCase() === b.toLowerCase();

function isQualifiedBy(field: Field, qualifier: readonly Name[]): boolean {
  const offset = field.qualifier.length - qualifier.length;
  return offset >= 0 && qualifier.every((part, index) => same(field.qualifier[offset + index], part.text));
}

/** The columns that carry the qualifier, such as for `t.*`. */
export function qualifiedFields(scope: Scope, qualifier: readonly Name[]): readonly Field[] {
  return scope.fields.filter((field) => field.qualifier.length > 0 && isQualifiedBy(field, qualifier));
}

export interface Found {
  readonly field: Field;
  /** how many parts of the path named the column; the rest are fields of a row */
  readonly used: number;
}

/** The column that a path names: the longest qualifier wins, then the nearest query. */
export function findField(scope: Scope, path: readonly Name[], at: Position): Found | undefined {
  for (let current: Scope | undefined = scope; current; current = current.parent) {
    for (let used = path.length; used >= 1; used--) {
      const qualifier = path.slice(0, used - 1);
      const name = path[used - 1];
      if (!name) continue;
      const fields = current.fields.filter(
        (field) => same(field.name, name.text) && (qualifier.length === 0 || isQualifiedBy(field, qualifier)),
      );
      if (fields.length > 1) {
        const text = path
          .slice(0, used)
          .map((part) => part.text)
          .join('.');
        throw failAt('AMBIGUOUS_NAME', at, `Column '${text}' is ambiguous`);
      }
      const [field] = fields;
      if (field) return { field, used };
    }
  }
  return undefined;
}

/** The field of a row value. */
export function rowField(value: Typed, name: Name, at: Position): Typed | undefined {
  if (value.type.kind !== 'row') return undefined;
  const matches = value.type.fields.flatMap((field, index) => (same(field.name, name.text) ? [index] : []));
  if (matches.length > 1) throw failAt('AMBIGUOUS_NAME', at, `Ambiguous row field reference: ${name.text}`);
  const [index] = matches;
  const field = index === undefined ? undefined : value.type.fields[index];
  return field && { type: field.type, sql: `(${value.sql}).f${index}` };
}

/** The columns nearest to a misspelt one. */
export function suggest(scope: Scope, name: string): string {
  return didYouMean(
    name,
    scope.fields.flatMap((field) => (field.name === undefined || field.hidden ? [] : [field.name])),
  );
}
