import type { NameHints } from '../compiled-statement.ts';
import type { Expression, Relation, Select, TableName } from '../parse/syntax-tree.ts';

/**
 * What a query's WHERE asks of the schema and name of a table of information_schema: only constants that all of its rows must have, so that
 * leaving out the others leaves out nothing that is asked for. Empty where the table is joined, or nothing is asked.
 */
export function nameHints(select: Select): { readonly table: TableName; readonly hints: NameHints } | undefined {
  const table = onlyTable(select.from);
  if (!table || !select.where) return undefined;
  const asked = conjuncts(select.where);
  const qualifier = select.from?.kind === 'aliased' ? select.from.alias.text : (table.parts.at(-1)?.text ?? '');
  const valuesOf = (...columns: readonly string[]) => {
    const lists = asked.flatMap((one) => equalTexts(one, { columns, qualifier }) ?? []);
    return lists[0];
  };
  const schemas = valuesOf('table_schema', 'schema_name');
  const tables = valuesOf('table_name');
  return { table, hints: { ...(schemas && { schemas }), ...(tables && { tables }) } };
}

function onlyTable(relation: Relation | undefined): TableName | undefined {
  if (relation?.kind === 'aliased') return relation.columns ? undefined : onlyTable(relation.relation);
  return relation?.kind === 'table' ? relation.name : undefined;
}

function conjuncts(node: Expression): readonly Expression[] {
  return node.kind === 'and' ? [...conjuncts(node.left), ...conjuncts(node.right)] : [node];
}

/** The texts that a column must equal one of, in lower case; in a list, so that none differs from nothing asked. */
function equalTexts(node: Expression, columns: Wanted): readonly (readonly string[])[] | undefined {
  if (node.kind === 'comparison' && node.operator === '=') {
    const [name, value] = node.left.kind === 'string' ? [node.right, node.left] : [node.left, node.right];
    return isColumn(name, columns) && value.kind === 'string' ? [[value.text.toLowerCase()]] : undefined;
  }
  if (node.kind !== 'in list' || !isColumn(node.operand, columns)) return undefined;
  const texts = node.items.flatMap((item) => (item.kind === 'string' ? [item.text.toLowerCase()] : []));
  return texts.length === node.items.length ? [texts] : undefined;
}

interface Wanted {
  readonly columns: readonly string[];
  /** what may stand before the column's name: another table's columns have the same names */
  readonly qualifier: string;
}

function isColumn(node: Expression, { columns, qualifier }: Wanted): boolean {
  if (node.kind === 'name') return columns.includes(node.name.text.toLowerCase());
  if (node.kind !== 'field' || node.base.kind !== 'name') return false;
  const isOwn = node.base.name.text.toLowerCase() === qualifier.toLowerCase();
  return isOwn && columns.includes(node.field.text.toLowerCase());
}
