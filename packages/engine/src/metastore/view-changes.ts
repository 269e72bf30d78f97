import { ErganeError } from '@ergane/protocol';
import type { MetastoreState, ViewDefinition } from './metastore.ts';
import { findTable, requireDatabase } from './metastore-changes.ts';

export function findView(state: MetastoreState, database: string, name: string): ViewDefinition | undefined {
  const { views = {} } = (Object.hasOwn(state.databases, database) ? state.databases[database] : undefined) ?? {};
  return Object.hasOwn(views, name) ? views[name] : undefined;
}

/** @throws ErganeError SCHEMA_NOT_FOUND, TABLE_ALREADY_EXISTS in Trino's words */
export function createView(
  state: MetastoreState,
  database: string,
  { view, replace }: { readonly view: ViewDefinition; readonly replace: boolean },
): MetastoreState {
  const found = requireDatabase(state, database);
  const where = { schema: database, table: view.name };
  const text = `awsdatacatalog.${database}.${view.name}`;
  if (findTable(state, database, view.name) !== undefined)
    throw new ErganeError('TABLE_ALREADY_EXISTS', `Table already exists: '${text}'`, { where });
  if (!replace && findView(state, database, view.name) !== undefined)
    throw new ErganeError('TABLE_ALREADY_EXISTS', `View already exists: '${text}'`, { where });
  const views = { ...found.views, [view.name]: view };
  return { ...state, databases: { ...state.databases, [database]: { ...found, views } } };
}

/** @throws ErganeError SCHEMA_NOT_FOUND, TABLE_NOT_FOUND in Trino's words */
export function dropView(
  state: MetastoreState,
  database: string,
  { name, ifExists }: { readonly name: string; readonly ifExists: boolean },
): MetastoreState {
  if (findView(state, database, name) === undefined) {
    const isTable = findTable(state, database, name) !== undefined;
    if (ifExists && !isTable) return state;
    throw viewMissing(state, database, name);
  }
  const found = requireDatabase(state, database);
  const views = Object.fromEntries(Object.entries(found.views ?? {}).filter(([key]) => key !== name));
  return { ...state, databases: { ...state.databases, [database]: { ...found, views } } };
}

export function viewMissing(state: MetastoreState, database: string, name: string): ErganeError {
  requireDatabase(state, database);
  const text = `awsdatacatalog.${database}.${name}`;
  const hint =
    findTable(state, database, name) === undefined
      ? ''
      : `, but a table with that name exists. Did you mean DROP TABLE ${text}?`;
  return new ErganeError('TABLE_NOT_FOUND', `View '${text}' does not exist${hint}`, {
    where: { schema: database, table: name },
  });
}
