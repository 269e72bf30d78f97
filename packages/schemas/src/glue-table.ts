import { ErganeError } from '@ergane/protocol';
import { parseColumnType } from './parse-type.ts';
import { DEFAULT_SCHEMA } from './table-definition.ts';
import type { Column, TableDefinition } from './table-definition.ts';

interface GlueColumn {
  readonly Name?: string | undefined;
  readonly Type?: string | undefined;
}

/** The members of Glue's `Table` that matter, as its API and `aws glue get-tables` have them. */
export interface GlueTable {
  readonly Name?: string | undefined;
  readonly DatabaseName?: string | undefined;
  readonly Parameters?: Readonly<Record<string, string>> | undefined;
  readonly PartitionKeys?: readonly GlueColumn[] | undefined;
  readonly StorageDescriptor?:
    { readonly Columns?: readonly GlueColumn[] | undefined; readonly Location?: string | undefined } | undefined;
}

export interface GlueDatabase {
  readonly Name?: string | undefined;
  readonly LocationUri?: string | undefined;
}

/** What of the Glue Data Catalog a connector owns (protocol reference, section 7.4), and how it reads a table's definition. */
export interface GlueDialect {
  /** default: every database */
  ownsDatabase?(database: GlueDatabase): boolean;
  /** default: every table */
  ownsTable?(table: GlueTable): boolean;
  /** AWS's connector reads `datetimeFormatMapping`, and so does this one */
  readonly datetimeFormats?: boolean;
}

/**
 * A table of the Glue catalog (protocol reference, section 7.4): `sourceTable`, else the table of the location's ARN, else its name;
 * `columnMapping` says what of the source a column shows, because Glue's names are in lower case.
 * @throws ErganeError CONFIG_INVALID
 */
export function fromGlueTable(table: GlueTable, { datetimeFormats = false }: GlueDialect = {}): TableDefinition {
  const { Name: tableName = '', DatabaseName: schemaName = DEFAULT_SCHEMA, Parameters: parameters = {} } = table;
  const { sourceTable, columnMapping = '', datetimeFormatMapping } = parameters;
  if (datetimeFormatMapping !== undefined && !datetimeFormats)
    throw new ErganeError(
      'CONFIG_INVALID',
      `table "${tableName}" has a datetimeFormatMapping, which Ergane does not read yet: declare these columns as string`,
      { where: { table: tableName } },
    );
  const sources = parseMapping(tableName, columnMapping);
  const columns = [...(table.StorageDescriptor?.Columns ?? []), ...(table.PartitionKeys ?? [])];
  return {
    schemaName: schemaName.toLowerCase(),
    tableName: tableName.toLowerCase(),
    sourceTable: sourceTable ?? tableOfArn(table.StorageDescriptor?.Location) ?? tableName,
    columns: columns.map(({ Name: name = '', Type: type = 'string' }): Column => ({
      name: name.toLowerCase(),
      source: sources.get(name.toLowerCase()) ?? name,
      type: parseColumnType(type),
    })),
    parameters,
  };
}

function tableOfArn(location: string | undefined): string | undefined {
  return /^arn:[^:]*:[^:]*:[^:]*:[^:]*:table\/([A-Za-z0-9_.-]+)/.exec(location ?? '')?.[1];
}

function parseMapping(tableName: string, text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').filter((pair) => pair.trim() !== '');
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at <= 0)
        throw new ErganeError(
          'CONFIG_INVALID',
          `columnMapping of table "${tableName}" has "${pair}": it must be column=source pairs, divided by commas`,
          { where: { table: tableName } },
        );
      return [pair.slice(0, at).trim().toLowerCase(), pair.slice(at + 1).trim()];
    }),
  );
}
