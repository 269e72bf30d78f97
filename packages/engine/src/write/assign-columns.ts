import type { FileColumn } from '../files/file-relation.ts';
import { castSql } from '../sql/casts/cast.ts';
import { failAt, failSql, quoteName } from '../sql/emit/typed.ts';
import type { CompiledQuery } from '../sql/index.ts';
import type { Name, Position } from '../sql/parse/syntax-tree.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { canCoerce, commonSuperType } from '../sql/types/coercion.ts';
import { duckdbType } from '../sql/types/physical-type.ts';
import { printType } from '../sql/types/type-text.ts';
import type { WrittenColumn } from './copy-text.ts';

/**
 * What INSERT puts into each column of the table, by Trino's rules (StatementAnalyzer): types that have a common super type are cast,
 * and fail where a value does not fit; columns that are not named are NULL.
 * @throws ErganeError TYPE_MISMATCH, COLUMN_NOT_FOUND, DUPLICATE_COLUMN_NAME
 */
export function assignColumns(
  columns: readonly FileColumn[],
  compiled: CompiledQuery,
  { at, columns: named }: { readonly at: Position; readonly columns?: readonly Name[] },
): readonly WrittenColumn[] {
  const names = named?.map(({ text }) => text.toLowerCase()) ?? columns.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined)
    throw failAt('DUPLICATE_COLUMN_NAME', at, `Insert column name is specified more than once: ${twice}`);
  const targets = names.map((name) => {
    const found = columns.find((column) => column.name === name);
    if (found === undefined)
      throw failAt('COLUMN_NOT_FOUND', at, `Insert column name does not exist in target table: ${name}`);
    return found;
  });
  const fits =
    targets.length === compiled.columns.length &&
    targets.every(({ type }, index) => isAssignable(compiled.columns[index]?.type ?? { kind: 'unknown' }, type));
  if (!fits)
    throw failAt(
      'TYPE_MISMATCH',
      at,
      `Insert query has mismatched column types: Table: [${listTypes(targets)}], Query: [${listTypes(compiled.columns)}]`,
    );
  return columns.map(({ name, type }) => {
    const index = names.indexOf(name);
    const from = compiled.columns[index]?.type ?? { kind: 'unknown' };
    return {
      name,
      type,
      sql: index < 0 ? `CAST(NULL AS ${duckdbType(type)})` : assign(`q.${quoteName(`c${index}`)}`, from, type),
    };
  });
}

function listTypes(columns: readonly { readonly type: TrinoType }[]): string {
  return columns.map(({ type }) => printType(type)).join(', ');
}

function isAssignable(from: TrinoType, to: TrinoType): boolean {
  return hasBoundedText(to, false) ? canCoerce(from, to) : commonSuperType(from, to) !== undefined;
}

/** Texts of a length, inside of a nested type only. */
function hasBoundedText(type: TrinoType, isInner: boolean): boolean {
  if (type.kind === 'array') return hasBoundedText(type.element, true);
  if (type.kind === 'map') return hasBoundedText(type.key, true) || hasBoundedText(type.value, true);
  if (type.kind === 'row') return type.fields.some((field) => hasBoundedText(field.type, true));
  return isInner && (type.kind === 'char' || (type.kind === 'varchar' && type.length !== undefined));
}

/** Text that does not fit fails, unless only blanks are lost. */
function assign(value: string, from: TrinoType, to: TrinoType): string {
  const cast = castSql(from, to, value) ?? value;
  if (to.kind !== 'varchar' && to.kind !== 'char') return cast;
  const { length } = to;
  if (length === undefined || (from.kind !== 'varchar' && from.kind !== 'char')) return cast;
  if (from.length !== undefined && from.length <= length) return cast;
  const message = `Cannot truncate non-space characters when casting from ${printType(from)} to ${printType(to)} on INSERT`;
  const fail = failSql('INVALID_CAST_ARGUMENT', message, duckdbType(to));
  return `CASE WHEN length(rtrim(${value}, ' ')) > ${length} THEN ${fail} ELSE ${cast} END`;
}
