import { hiveFilter, type Listing } from '../catalog/show.ts';
import { ErganeError } from '@ergane/protocol';
import type { NameSession } from '../catalog/catalogs.ts';
import type { ResultColumn } from '../result/query-result.ts';
import type { ViewDefinition } from '../metastore/metastore.ts';
import { requireDatabase, findTable } from '../metastore/metastore-changes.ts';
import { createView, dropView, findView, viewMissing } from '../metastore/view-changes.ts';
import { failAt } from '../sql/emit/typed.ts';
import type { CompiledQuery, Query } from '../sql/index.ts';
import type { Position } from '../sql/parse/syntax-tree.ts';
import type { CreateView, ViewStatement } from '../sql/parse/write-statement.ts';
import { printType } from '../sql/types/type-text.ts';
import { namedColumns } from '../write/named-columns.ts';
import { requireFileCatalog, resolveWriteName, type WriteContext } from '../write/write-context.ts';

export interface ViewContext extends Pick<WriteContext, 'catalogs'> {
  readonly session: NameSession;
  /** translates the query of the view of that name, and runs nothing */
  compile(query: Query, newView: string): Promise<CompiledQuery>;
}

const NOTHING: Listing = { columns: [], rows: [] };

/** CREATE, DROP and SHOW of views (https://docs.aws.amazon.com/athena/latest/ug/views.html), over tables of every catalog. */
export async function runView(statement: ViewStatement, context: ViewContext): Promise<Listing> {
  switch (statement.kind) {
    case 'create view':
      return runCreateView(statement, context);
    case 'drop view': {
      const { catalog, database, table: name } = resolveWriteName(context, statement.name, 'views');
      await atPlace(statement.at, () =>
        catalog.metastore.update((state) => dropView(state, database, { name, ifExists: statement.ifExists })),
      );
      return NOTHING;
    }
    case 'show create view': {
      const { catalog, database, table: name, text } = resolveWriteName(context, statement.name, 'views');
      const state = await catalog.metastore.read();
      const view = findView(state, database, name);
      if (view !== undefined) return listOf('Create View', printCreateView(database, view).split('\n'));
      if (findTable(state, database, name) !== undefined)
        throw failAt('NOT_SUPPORTED', statement.at, `Relation '${text}' is a table, not a view`);
      return atPlace(statement.at, () => Promise.reject(viewMissing(state, database, name)));
    }
    case 'show views': {
      const catalog = requireFileCatalog(context.catalogs, 'SHOW VIEWS');
      const { session } = context;
      const isHere = session.catalog === undefined || session.catalog.toLowerCase() === catalog.name;
      const schema = statement.schema ?? (isHere ? session.schema : undefined) ?? 'default';
      const { views = {} } = requireDatabase(await catalog.metastore.read(), schema.toLowerCase());
      return listOf('views', Object.keys(views).sort().filter(hiveFilter(statement.like)));
    }
  }
}

async function runCreateView(statement: CreateView, context: ViewContext): Promise<Listing> {
  const { catalog, database, table: name, text } = resolveWriteName(context, statement.name, 'creating views');
  const columns = namedColumns(await context.compile(statement.query, text), statement);
  const { session } = context;
  const view: ViewDefinition = {
    name,
    text: statement.text,
    ...(session.catalog === undefined ? {} : { catalog: session.catalog }),
    ...(session.schema === undefined ? {} : { schema: session.schema }),
    columns: columns.map((column) => ({ name: column.name, type: printType(column.type) })),
    ...(statement.comment === undefined ? {} : { comment: statement.comment }),
    createdAt: Date.now(),
  };
  await atPlace(statement.at, () =>
    catalog.metastore.update((state) => createView(state, database, { view, replace: statement.replace })),
  );
  return NOTHING;
}

/** As Athena begins it; the query stays as it was written. */
function printCreateView(database: string, { name, text, comment }: ViewDefinition): string {
  const note = comment === undefined ? '' : `COMMENT '${comment.replaceAll("'", "''")}' `;
  return `CREATE VIEW ${database}.${name} ${note}AS \n${text}`;
}

/** Trino says where in the statement a name is wrong. */
async function atPlace<Result>(at: Position, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ErganeError) || cause.kind !== 'user' || cause.where.line !== undefined) throw cause;
    throw new ErganeError(cause.code, `line ${at.line}:${at.col}: ${cause.message}`, {
      where: { ...cause.where, line: at.line, col: at.col },
      cause,
    });
  }
}

function listOf(name: string, rows: readonly string[]): Listing {
  const column: ResultColumn = { name, type: { kind: 'varchar' } };
  return { columns: [column], rows: rows.map((row) => [row]) };
}
