import { ErganeError } from '@ergane/protocol';
import { FUNCTION_CATALOG } from './compiled-statement.ts';
import type { CompiledQuery, NameHints, ResolvedTable, ResolvedView, TableResolver } from './compiled-statement.ts';
import { expandView, viewName } from './expand-view.ts';
import type { Expression, Position, Query, Relation, Select, TableName } from './parse/syntax-tree.ts';
import type { TrinoType } from './trino-type.ts';
import { translateQuery } from './analyze/query.ts';
import { nameHints } from './analyze/name-hints.ts';
import { placeParameters } from './analyze/parameters.ts';
import { chooseParts, type PushableParts } from './analyze/pushable.ts';
import { isSequence } from './analyze/sequence-table.ts';
import { tableFunctionName } from './analyze/table-function.ts';
import type { QueryResultShape, SqlSession, StatementContext } from './analyze/context.ts';
import { failAt } from './emit/typed.ts';
import type { RelationContext } from './analyze/relation.ts';

export interface CompileOptions {
  readonly resolver: TableResolver;
  readonly session: SqlSession;
  /** values of the statement's `?`, in order */
  readonly parameters?: readonly Expression[];
  /** told the types that the `?` at a place may have to have */
  readonly onParameter?: (at: Position, type: TrinoType) => void;
  /** `catalog.schema.name` of the view that the query is for */
  readonly newView?: string;
}

/**
 * Translates a query to DuckDB SQL with explicit types. The resolver is asked once for every place that names a table, so each
 * may become a scan of its own; a view becomes its query. Throws Trino's error, with line and column, for what cannot be said faithfully.
 */
export async function compileQuery(query: Query, options: CompileOptions): Promise<CompiledQuery> {
  const compiler = new QueryCompiler(options);
  const { sql, columns } = await compiler.translate(query, options, []);
  const { pushable } = compiler;
  return {
    kind: 'query',
    duckdbSql: chooseParts(sql, pushable, new Map()),
    marked: { text: sql, parts: pushable },
    columns: columns.map((column, index) => ({ name: column.name ?? `_col${index}`, type: column.type })),
    anonymous: columns.flatMap(({ name }, index) => (name === undefined ? [index] : [])),
  };
}

class QueryCompiler {
  readonly #resolver: TableResolver;
  readonly #newView: string | undefined;
  /** of the query and its views */
  readonly pushable: PushableParts = [];
  readonly #tables = new Map<object, ResolvedTable>();
  #count = 0;

  constructor({ resolver, newView }: CompileOptions) {
    this.#resolver = resolver;
    this.#newView = newView;
  }

  /** `within` are the views around the query. */
  async translate(
    query: Query,
    { session, parameters: values = [], onParameter }: Pick<CompileOptions, 'session' | 'parameters' | 'onParameter'>,
    within: readonly string[],
  ): Promise<QueryResultShape> {
    const placed = placeParameters(query, values);
    const parameters = onParameter ? { ...placed, onType: onParameter } : placed;
    for (const name of namedTables(query)) {
      if ('kind' in name && isSequence(name)) continue;
      const resolved =
        'kind' in name
          ? await this.#resolver.resolveTableFunction?.(tableFunctionName(name, parameters))
          : await resolveTable(name, { resolver: this.#resolver, session, hints: hintsOf(name, query) });
      if (resolved === undefined) continue;
      const table = 'query' in resolved ? await this.#expand(resolved, name.at, { session, within }) : resolved;
      this.#tables.set(name, table);
    }
    const names = { findNamedQuery: () => undefined, findTable: (name: object) => this.#tables.get(name) };
    const statement: StatementContext = {
      session,
      parameters,
      pushable: this.pushable,
      freshName: (prefix) => `${prefix}${this.#count++}`,
      translateQuery: (inner, parent) => translateQuery(inner, { ...context, parent }),
    };
    const context: RelationContext = { statement, names, parent: undefined };
    return translateQuery(query, context);
  }

  #expand(
    view: ResolvedView,
    at: Position,
    { session, within }: { readonly session: SqlSession; readonly within: readonly string[] },
  ): Promise<ResolvedTable> {
    const name = viewName(view);
    if (name === this.#newView) throw failAt('VIEW_IS_RECURSIVE', at, 'Statement would create a recursive view');
    if (within.includes(name)) throw failAt('VIEW_IS_RECURSIVE', at, `View is recursive: ${name}`);
    const { catalog: _catalog, schema: _schema, ...rest } = session;
    return expandView(view, at, () =>
      this.translate(view.query, { session: { ...rest, ...view.session } }, [...within, name]),
    );
  }
}

async function resolveTable(
  { parts, at }: TableName,
  {
    resolver,
    session,
    hints,
  }: Pick<CompileOptions, 'resolver' | 'session'> & { readonly hints: NameHints | undefined },
): Promise<ResolvedTable | ResolvedView> {
  const [table, schema = session.schema, catalog = session.catalog, ...more] = parts
    .map(({ text }) => (text.startsWith(FUNCTION_CATALOG) ? text : text.toLowerCase()))
    .toReversed();
  if (table === undefined || more.length > 0)
    throw failAt('SYNTAX_ERROR', at, 'a table has at most a catalog, a schema and a name');
  const named = resolver.resolveTable({
    table,
    ...(schema === undefined ? {} : { schema }),
    ...(catalog === undefined ? {} : { catalog }),
    ...(hints === undefined ? {} : { hints }),
  });
  return named.catch((error: unknown) => {
    throw located(error, at);
  });
}

/** What is wrong with a name is said where the name stands. */
function located(error: unknown, at: Position): unknown {
  if (!(error instanceof ErganeError) || error.where.line !== undefined || error.kind !== 'user') return error;
  return new ErganeError(error.code, `line ${at.line}:${at.col}: ${error.message}`, {
    where: { ...error.where, ...at },
    cause: error,
  });
}

/** What the query asks of a table of information_schema, in the SELECT that names it. */
function hintsOf(name: TableName, query: Query): NameHints | undefined {
  if (name.parts.at(-2)?.text.toLowerCase() !== 'information_schema') return undefined;
  const find = (node: unknown): NameHints | undefined => {
    if (typeof node !== 'object' || node === null) return undefined;
    const found = isSelect(node) ? nameHints(node) : undefined;
    if (found?.table === name) return found.hints;
    for (const each of Object.values(node)) {
      const hints = find(each);
      if (hints) return hints;
    }
    return undefined;
  };
  return find(query);
}

function isSelect(node: object): node is Select {
  return 'kind' in node && node.kind === 'select' && 'items' in node;
}

type TableFunction = Extract<Relation, { readonly kind: 'table function' }>;

/** Every place where the query names a table that is not one of its WITH queries, or calls a table function. */
function namedTables(query: Query): (TableName | TableFunction)[] {
  const found: (TableName | TableFunction)[] = [];
  visit(query, new Set(), found);
  return found;
}

function visit(node: unknown, named: ReadonlySet<string>, found: (TableName | TableFunction)[]): void {
  if (Array.isArray(node)) {
    const items: readonly unknown[] = node;
    for (const item of items) visit(item, named, found);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  if (isQuery(node)) {
    visitQuery(node, named, found);
    return;
  }
  if (isTable(node)) {
    const [only, ...more] = node.name.parts;
    if (!(only && more.length === 0 && named.has(only.text.toLowerCase()))) found.push(node.name);
    return;
  }
  if (isTableFunction(node)) found.push(node);
  for (const each of Object.values(node)) visit(each, named, found);
}

function visitQuery(query: Query, named: ReadonlySet<string>, found: (TableName | TableFunction)[]): void {
  let names = named;
  for (const each of query.with) {
    const name = each.name.text.toLowerCase();
    visit(each.query, query.recursive ? new Set([...names, name]) : names, found);
    names = new Set([...names, name]);
  }
  visit([query.body, query.orderBy], names, found);
}

function isQuery(node: object): node is Query {
  return 'with' in node && 'body' in node;
}

function isTableFunction(node: object): node is TableFunction {
  return 'kind' in node && node.kind === 'table function';
}

function isTable(node: object): node is { readonly kind: 'table'; readonly name: TableName } {
  return 'kind' in node && node.kind === 'table' && 'name' in node;
}
