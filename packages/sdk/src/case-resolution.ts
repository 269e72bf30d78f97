import { ErganeError } from '@ergane/protocol';
import type { TableName } from '@ergane/protocol';
import type { CallContext, ConnectorDefinition, TableDescription } from './connector.ts';

/**
 * Finds tables by names that the engine has lower-cased: first the name as asked, then the one that is equal but for case. The source's
 * spelling is remembered for the life of the function instance and looked up anew when the table is not there any more.
 */
export interface CaseResolution {
  findSchema(context: CallContext, schemaName: string): Promise<string>;
  /** @throws ErganeError SCHEMA_NOT_FOUND, TABLE_NOT_FOUND, AMBIGUOUS_NAME */
  describeTable(context: CallContext, tableName: TableName): Promise<TableDescription>;
}

export function makeCaseResolution(definition: ConnectorDefinition): CaseResolution {
  const spellings = new Map<string, TableName>();
  const findSchema = async (context: CallContext, schemaName: string): Promise<string> => {
    const schemas = await definition.listSchemas(context);
    const where = { catalog: context.catalogName, schema: schemaName };
    const found = pick(schemas, schemaName, () => `schema "${schemaName}" in catalog "${context.catalogName}"`, where);
    if (found !== undefined) return found;
    throw new ErganeError(
      'SCHEMA_NOT_FOUND',
      `there is no schema "${schemaName}" in catalog "${context.catalogName}": SHOW SCHEMAS lists what there is`,
      { where },
    );
  };
  const search = async (context: CallContext, asked: TableName): Promise<TableDescription> => {
    const schemaName = await findSchema(context, asked.schemaName);
    const tables = await listAllTables(definition, context, schemaName);
    const { catalogName: catalog } = context;
    const where = { catalog, schema: asked.schemaName, table: asked.tableName };
    const label = () => `table "${asked.tableName}" in schema "${schemaName}" of catalog "${catalog}"`;
    const tableName = pick(tables, asked.tableName, label, where);
    const found =
      tableName === undefined ? undefined : await definition.describeTable(context, { schemaName, tableName });
    if (found !== undefined) return found;
    throw new ErganeError('TABLE_NOT_FOUND', `there is no ${label()}: SHOW TABLES lists what there is`, { where });
  };
  return {
    findSchema,
    async describeTable(context, asked) {
      const key = JSON.stringify([context.catalogName, asked.schemaName, asked.tableName]);
      const known = spellings.get(key);
      const found =
        (known && (await definition.describeTable(context, known))) ?? (await definition.describeTable(context, asked));
      const description = found ?? (await search(context, asked));
      spellings.set(key, description.tableName);
      return description;
    },
  };
}

/** The name itself, else the one name that differs only in case. */
function pick(
  names: readonly string[],
  asked: string,
  label: () => string,
  where: Readonly<Record<string, string>>,
): string | undefined {
  if (names.includes(asked)) return asked;
  const folded = asked.toLowerCase();
  const alike = [...new Set(names.filter((name) => name.toLowerCase() === folded))];
  if (alike.length <= 1) return alike[0];
  throw new ErganeError(
    'AMBIGUOUS_NAME',
    `${label()} could be any of ${alike.map((name) => `"${name}"`).join(', ')}, which differ only in case: rename one at the source, or name it exactly (in a native query, for example)`,
    { where },
  );
}

async function listAllTables(
  definition: ConnectorDefinition,
  context: CallContext,
  schemaName: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await definition.listTables(context, schemaName, token === undefined ? {} : { token });
    names.push(...page.tables.map((table) => table.tableName));
    token = page.tables.length === 0 ? undefined : page.nextToken;
  } while (token !== undefined);
  return names;
}
