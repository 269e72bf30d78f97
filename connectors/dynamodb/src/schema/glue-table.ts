import { ErganeError } from '@ergane/protocol';
import { parseColumnType } from './parse-type.ts';
import type { Column, TableDefinition } from './table-definition.ts';

interface GlueColumn {
  readonly Name: string;
  readonly Type?: string;
}

/** The members of Glue's `Table` that matter, as `aws glue get-tables` prints them. */
export interface GlueTable {
  readonly Name: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly PartitionKeys?: readonly GlueColumn[];
  readonly StorageDescriptor?: { readonly Columns?: readonly GlueColumn[]; readonly Location?: string };
}

/**
 * A table of the Glue catalog (protocol reference, section 7.4): `sourceTable`, else the table of the location's ARN, else its name;
 * `columnMapping` says which attribute a column shows, because Glue's names are in lower case.
 * @throws ErganeError CONFIG_INVALID
 */
export function fromGlueTable(table: GlueTable): TableDefinition {
  const { sourceTable, columnMapping = '', datetimeFormatMapping } = table.Parameters ?? {};
  if (datetimeFormatMapping !== undefined)
    throw new ErganeError(
      'CONFIG_INVALID',
      `table "${table.Name}" has a datetimeFormatMapping, which Ergane does not read yet: declare these columns as string`,
      { where: { table: table.Name } },
    );
  const attributes = parseMapping(table.Name, columnMapping);
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  return {
    tableName: table.Name.toLowerCase(),
    sourceTable: sourceTable ?? tableOfArn(table.StorageDescriptor?.Location) ?? table.Name,
    columns: columns.map(({ Name, Type = 'string' }): Column => ({
      name: Name.toLowerCase(),
      attribute: attributes.get(Name.toLowerCase()) ?? Name,
      type: parseColumnType(Type),
    })),
  };
}

function tableOfArn(location: string | undefined): string | undefined {
  return /^arn:[^:]*:dynamodb:[^:]*:[^:]*:table\/([A-Za-z0-9_.-]+)/.exec(location ?? '')?.[1];
}

function parseMapping(tableName: string, text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0)
        throw new ErganeError(
          'CONFIG_INVALID',
          `columnMapping of table "${tableName}" has "${pair}": it must be column=attribute pairs, divided by commas`,
          { where: { table: tableName } },
        );
      return [pair.slice(0, at).trim().toLowerCase(), pair.slice(at + 1).trim()];
    }),
  );
}
