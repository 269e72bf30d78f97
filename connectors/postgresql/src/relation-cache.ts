import { ErganeError } from '@ergane/protocol';
import type { TableName } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import { findRelation } from './catalog.ts';
import type { Relation } from './catalog.ts';
import type { PostgresqlClient } from './client.ts';

/**
 * What is known of tables, for a minute: layout, splits and reads of one query ask for the same. A change meanwhile is noticed by the server,
 * which announces other types or misses a column.
 */
export interface RelationCache {
  /** asks the source */
  describe(client: PostgresqlClient, context: CallContext, tableName: TableName): Promise<Relation | undefined>;
  /** @throws ErganeError SOURCE_CHANGED when the table is gone */
  find(client: PostgresqlClient, context: CallContext, tableName: TableName): Promise<Relation>;
  forget(client: PostgresqlClient, tableName: TableName): void;
}

const FRESH_MS = 60_000;
const MOST = 1000;

export function makeRelationCache(): RelationCache {
  const known = new WeakMap<PostgresqlClient, Map<string, { readonly relation: Relation; readonly until: number }>>();
  const keyOf = (tableName: TableName): string => JSON.stringify([tableName.schemaName, tableName.tableName]);
  const tablesOf = (client: PostgresqlClient) => {
    const found = known.get(client) ?? new Map<string, { readonly relation: Relation; readonly until: number }>();
    known.set(client, found);
    return found;
  };
  const describe: RelationCache['describe'] = async (client, context, tableName) => {
    const relation = await client.use(context, ({ query }) => findRelation(query, tableName));
    const tables = tablesOf(client);
    if (tables.size >= MOST) tables.clear();
    if (relation !== undefined) tables.set(keyOf(tableName), { relation, until: Date.now() + FRESH_MS });
    return relation;
  };
  return {
    describe,
    async find(client, context, tableName) {
      const found = tablesOf(client).get(keyOf(tableName));
      if (found !== undefined && found.until > Date.now()) return found.relation;
      const relation = await describe(client, context, tableName);
      if (relation !== undefined) return relation;
      const { schemaName: schema, tableName: table } = tableName;
      throw new ErganeError(
        'SOURCE_CHANGED',
        `there is no table "${schema}"."${table}" any more: run the statement again`,
        {
          where: { catalog: context.catalogName, schema, table },
        },
      );
    },
    forget(client, tableName) {
      tablesOf(client).delete(keyOf(tableName));
    },
  };
}
