import { printType } from '@ergane/engine';
import { Document } from 'yaml';
import type { CrawledTable } from './crawl-tables.ts';

const DEFAULT_SCHEMA = 'default';

type Definition = Readonly<Record<string, unknown>>;

/** The definitions of tables, in the YAML of `ergane_table_definitions` (docs/schemas.md); tables that were not inferred are left out. */
export function printDefinitions(catalog: string, tables: readonly CrawledTable[]): string {
  const schemas = new Map<string, Record<string, Definition>>();
  for (const { schema, table, inferred } of tables) {
    if (inferred === undefined) continue;
    const known = schemas.get(schema) ?? {};
    schemas.set(schema, known);
    known[table.toLowerCase()] = {
      ...(inferred.sourceTable !== table.toLowerCase() && { source: inferred.sourceTable }),
      columns: Object.fromEntries(
        inferred.columns.map(({ name, type }) => {
          const { source = name } = inferred.seen[name] ?? {};
          return [name, source === name ? printType(type) : { type: printType(type), source }];
        }),
      ),
      ...(Object.keys(inferred.parameters).length > 0 && { parameters: inferred.parameters }),
    };
  }
  const tablesOfDefault = schemas.get(DEFAULT_SCHEMA);
  schemas.delete(DEFAULT_SCHEMA);
  const document = new Document({
    ...(tablesOfDefault !== undefined && { tables: tablesOfDefault }),
    ...(schemas.size > 0 && { schemas: Object.fromEntries(schemas) }),
  });
  document.commentBefore = ` Tables of the catalog ${catalog}, as a sample showed them. In the catalog's env: ergane_table_definitions: file:<this file>`;
  return document.toString({ lineWidth: 0 });
}
