import type { ParserRuleContext } from 'antlr4ng';
import type {
  PropertiesContext,
  RootQueryContext,
  StatementContext,
} from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import { buildExpression } from './build-expression.ts';
import { buildQuery } from './build-query.ts';
import { nameOf, need, positionOf, stringOf, unsupported } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import type { Name, Query, TableName } from './syntax-tree.ts';
import type { ViewStatement, WriteProperty, WriteStatement } from './write-statement.ts';

/** CREATE TABLE AS, INSERT and the statements about views; undefined for any other. `text` is the whole statement. */
export function buildWrite(node: StatementContext, text: string): WriteStatement | ViewStatement | undefined {
  const c = loadGrammar().contexts;
  const at = positionOf(node);
  if (node instanceof c.CreateTableAsSelectContext) {
    if (node.KW_REPLACE()) throw unsupported(node, 'CREATE OR REPLACE TABLE');
    const columns = node.columnListCreate()?.columnNameCreate();
    const { _comment: comment } = node;
    return {
      kind: 'create table as',
      at,
      name: tableName(node.tableNameCreate()),
      ifNotExists: node.KW_EXISTS() !== null,
      ...(columns ? { columns: columns.map((column) => nameOf(column.identifier())) } : {}),
      ...(comment ? { comment: stringOf(comment) } : {}),
      properties: buildProperties(node.properties()),
      query: rootQuery(node.rootQuery()),
      withData: node.KW_NO() === null,
    };
  }
  if (node instanceof c.InsertIntoContext) {
    const columns = node.columnList()?.columnRef();
    return {
      kind: 'insert',
      at,
      name: tableName(node.tableRef()),
      ...(columns ? { columns: columns.map((column) => columnName(column.qualifiedName())) } : {}),
      query: rootQuery(node.rootQuery()),
    };
  }
  if (node instanceof c.CreateViewContext) {
    const { _comment: comment } = node;
    return {
      kind: 'create view',
      at,
      name: tableName(node.viewNameCreate()),
      replace: node.KW_REPLACE() !== null,
      ...(comment ? { comment: stringOf(comment) } : {}),
      query: rootQuery(node.rootQuery()),
      text: sourceOf(node.rootQuery(), text),
    };
  }
  if (node instanceof c.DropViewContext)
    return { kind: 'drop view', at, name: tableName(node.viewRef()), ifExists: node.KW_EXISTS() !== null };
  if (node instanceof c.ShowCreateViewContext) return { kind: 'show create view', at, name: tableName(node.viewRef()) };
  return undefined;
}

export function buildProperties(node: PropertiesContext | null): readonly WriteProperty[] {
  const { NonDefaultPropertyValueContext } = loadGrammar().contexts;
  return (node?.propertyAssignments().property() ?? []).map((property) => {
    const value = property.propertyValue();
    return {
      name: nameOf(property.identifier()).text.toLowerCase(),
      at: positionOf(property),
      ...(value instanceof NonDefaultPropertyValueContext ? { value: buildExpression(value.expression()) } : {}),
    };
  });
}

function rootQuery(node: RootQueryContext | null): Query {
  const root = need(node);
  if (root.withFunction()) throw unsupported(root, 'WITH FUNCTION');
  return buildQuery(root.query());
}

function tableName(node: ParserRuleContext & { identifier(): Parameters<typeof nameOf>[0][] }): TableName {
  return { parts: node.identifier().map(nameOf), at: positionOf(node) };
}

function columnName(node: (ParserRuleContext & { identifier(): Parameters<typeof nameOf>[0][] }) | null): Name {
  const parts = need(node).identifier();
  if (parts.length > 1) throw unsupported(need(node), 'a column of a column');
  return nameOf(parts[0]);
}

/** The grammar counts code points. */
function sourceOf(node: ParserRuleContext, text: string): string {
  return [...text].slice(node.start?.start ?? 0, (node.stop?.stop ?? text.length) + 1).join('');
}
