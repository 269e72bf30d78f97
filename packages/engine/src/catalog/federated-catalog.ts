import { ErganeError, EXTENSIONS, negotiateVersion, readSqlTable } from '@ergane/protocol';
import type {
  Capabilities,
  FederationRequest,
  FederationResponse,
  Identity,
  Invoker,
  SerDeVersion,
  SqlTable,
  TableName,
} from '@ergane/protocol';
import type { Schema } from 'apache-arrow';
import { callFunction } from '../invoke/call-function.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import { requireTrinoType } from './arrow-to-trino-type.ts';
import type { Asker, CatalogListing, DescribedColumn } from './catalog.ts';
import { readInference } from './inference.ts';
import type { InferredTable } from './inference.ts';
import { TimedCache } from './timed-cache.ts';

/** One table of a function, as planning needs it. */
export interface FederatedTable {
  readonly catalog: FederatedCatalog;
  /** as the source spells it */
  readonly tableName: TableName;
  /** of a native query (section 3.7), which this table is the answer of; else empty */
  readonly queryPassthroughArguments: Readonly<Record<string, string>>;
  readonly schema: Schema;
  readonly partitionColumns: readonly string[];
  /** in the order of `schema.fields`: names lower-cased, and made different where the source's differ by case alone */
  readonly columns: readonly { readonly name: string; readonly type: TrinoType }[];
  readonly rowCount: number | undefined;
  /** how it may be used in native queries of the engine's own making; undefined: the connector did not say */
  readonly sql: SqlTable | undefined;
  /** a native query of the engine's own making, to which the source applies constraints as to a table */
  readonly isPushed?: boolean;
  /** its function takes lists of values in their short form (`valueBlocks`, extensions.ts) */
  readonly valueBlocks: boolean;
}

/** What a function says of itself. */
export interface PingedFunction {
  /** in which it is spoken to (section 1.3) */
  readonly version: SerDeVersion;
  /** what it calls itself */
  readonly sourceType: string;
  /** see `TableScan` */
  readonly readAhead: boolean;
}

/** Short: a column that is added at the source must be seen, and queries that come in quick succession need not ask again. */
const METADATA_MS = 5_000;
const FUNCTION_MS = 600_000;

/** What a function says of itself and its tables; kept for some seconds, so that queries in quick succession need not ask again. */
export class FederatedCatalog implements CatalogListing {
  readonly kind = 'federated';
  readonly name: string;
  readonly functionName: string;
  readonly maxConcurrency: number;
  readonly #invoker: Invoker;
  readonly #identity: Identity;
  readonly #pings = new TimedCache<PingedFunction>(FUNCTION_MS);
  readonly #capabilities = new TimedCache<Capabilities>(FUNCTION_MS);
  readonly #schemas = new TimedCache<readonly string[]>(METADATA_MS);
  readonly #tables = new TimedCache<FederatedTable>(METADATA_MS);
  readonly #lists = new TimedCache<readonly TableName[]>(METADATA_MS);

  constructor(options: {
    readonly name: string;
    readonly functionName: string;
    readonly maxConcurrency: number;
    readonly invoker: Invoker;
    readonly identity: Identity;
  }) {
    this.name = options.name;
    this.functionName = options.functionName;
    this.maxConcurrency = options.maxConcurrency;
    this.#invoker = options.invoker;
    this.#identity = options.identity;
  }

  ping(asker: Asker): Promise<PingedFunction> {
    return this.#pings.get('', async () => {
      const response = await this.#ask({ type: 'PingRequest', ...this.#prefix(asker) }, { asker, version: 6 }, [
        'PingResponse',
      ]);
      return {
        version: negotiateVersion(response),
        sourceType: response.sourceType,
        readAhead: response.extra?.['readAhead'] === true,
      };
    });
  }

  /** What the function guarantees; nothing when it is too old to say, or cannot. */
  capabilities(asker: Asker): Promise<Capabilities> {
    return this.#capabilities.get('', async () => {
      const { version } = await this.ping(asker);
      if (version < 4) return {};
      const response = await this.#ask(
        { type: 'GetDataSourceCapabilitiesRequest', ...this.#prefix(asker) },
        { asker, version },
        ['GetDataSourceCapabilitiesResponse'],
      );
      return response.capabilities;
    });
  }

  listSchemas(asker: Asker): Promise<readonly string[]> {
    return this.#schemas.get('', async () => {
      const { version } = await this.ping(asker);
      const response = await this.#ask({ type: 'ListSchemasRequest', ...this.#prefix(asker) }, { asker, version }, [
        'ListSchemasResponse',
      ]);
      return [...response.schemas].sort();
    });
  }

  /** Every table of a schema. An empty page ends the list, whatever its token says (section 1.4). */
  listTables(schemaName: string, asker: Asker): Promise<readonly TableName[]> {
    return this.#lists.get(schemaName, async () => {
      const { version } = await this.ping(asker);
      const tables: TableName[] = [];
      let nextToken: string | null = null;
      do {
        const request = {
          type: 'ListTablesRequest',
          ...this.#prefix(asker),
          schemaName,
          nextToken,
          pageSize: -1,
        } as const;
        const response: Extract<FederationResponse, { type: 'ListTablesResponse' }> = await this.#ask(
          request,
          { asker, version },
          ['ListTablesResponse'],
        );
        tables.push(...response.tables);
        nextToken = response.tables.length === 0 ? null : response.nextToken;
      } while (nextToken !== null);
      return tables.sort((a, b) => (a.tableName < b.tableName ? -1 : 1));
    });
  }

  getTable(name: TableName, asker: Asker): Promise<FederatedTable> {
    return this.#tables.get(JSON.stringify([name.schemaName, name.tableName]), async () => {
      const { version } = await this.ping(asker);
      const response = await this.#ask(
        { type: 'GetTableRequest', ...this.#prefix(asker), tableName: name, queryPassthroughArguments: {} },
        { asker, version },
        ['GetTableResponse'],
      );
      return this.#describe(response, {});
    });
  }

  /** The table that a native query answers; `name` is the function's: schema and name. */
  getNativeTable(
    name: TableName,
    queryPassthroughArguments: Readonly<Record<string, string>>,
    asker: Asker,
  ): Promise<FederatedTable> {
    return this.#tables.get(JSON.stringify([name, queryPassthroughArguments]), async () => {
      const { version } = await this.ping(asker);
      const response = await this.#ask(
        { type: 'GetTableRequest', ...this.#prefix(asker), tableName: name, queryPassthroughArguments },
        { asker, version },
        ['GetTableResponse'],
      );
      return this.#describe(response, queryPassthroughArguments);
    });
  }

  /** What a sample of the table shows, defined or not; undefined: the connector knows its tables and infers none. */
  async inferTable(name: TableName, asker: Asker): Promise<InferredTable | undefined> {
    const { version } = await this.ping(asker);
    const { identity } = this.#prefix(asker);
    const configOptions = { ...identity.configOptions, [EXTENSIONS.inference]: '1' };
    const response = await this.#ask(
      {
        type: 'GetTableRequest',
        ...this.#prefix(asker),
        identity: { ...identity, configOptions },
        tableName: name,
        queryPassthroughArguments: {},
      },
      { asker, version },
      ['GetTableResponse'],
    );
    const { columns } = this.#describe(response, {});
    return readInference(
      response,
      columns.map((column) => ({ ...column, partition: false })),
    );
  }

  async describeTable(name: TableName, asker: Asker): Promise<readonly DescribedColumn[]> {
    const { columns, partitionColumns } = await this.getTable(name, asker);
    const partitions = new Set(partitionColumns.map((column) => column.toLowerCase()));
    return columns.map((column) => ({ ...column, partition: partitions.has(column.name) }));
  }

  /** Forgets what was kept, of one table or of all: the next query asks the source. */
  refresh(table?: TableName): void {
    if (table) return this.#tables.forget(JSON.stringify([table.schemaName, table.tableName]));
    this.#tables.clear();
    this.#lists.clear();
    this.#schemas.clear();
    this.#capabilities.clear();
    this.#pings.clear();
  }

  #describe(
    { tableName, schema, partitionColumns, extra }: Extract<FederationResponse, { type: 'GetTableResponse' }>,
    queryPassthroughArguments: FederatedTable['queryPassthroughArguments'],
  ): FederatedTable {
    const names = distinctNames(schema.fields.map((field) => field.name.toLowerCase()));
    const table = `${this.name}.${tableName.schemaName}.${tableName.tableName}`;
    return {
      catalog: this,
      tableName,
      queryPassthroughArguments,
      schema,
      partitionColumns,
      columns: schema.fields.map((field, index) => ({
        name: names[index] ?? field.name,
        type: requireTrinoType(field.type, field.name, table),
      })),
      rowCount: rowCountOf(extra?.['statistics']),
      sql: readSqlTable(extra?.['sql']),
      valueBlocks: extra?.['valueBlocks'] === true,
    };
  }

  #prefix(asker: Asker): { identity: Identity; queryId: string; catalogName: string } {
    return { identity: this.#identity, queryId: asker.queryId, catalogName: this.name };
  }

  /** Errors name the catalog. */
  async #ask<Type extends FederationResponse['type']>(
    request: FederationRequest,
    { asker, version }: { readonly asker: Asker; readonly version: SerDeVersion },
    expected: readonly Type[],
  ): Promise<Extract<FederationResponse, { type: Type }>> {
    try {
      const call = { functionName: this.functionName, request, version, signal: asker.signal };
      return (await callFunction(this.#invoker, call, expected)).response;
    } catch (cause) {
      if (!(cause instanceof ErganeError) || cause.where.catalog !== undefined) throw cause;
      throw new ErganeError(cause.code, `catalog ${this.name}: ${cause.message}`, {
        where: { ...cause.where, catalog: this.name },
        cause,
      });
    }
  }
}

/** Names that the source tells apart by case alone get `_2`, `_3`, …, so that no column is lost. */
function distinctNames(names: readonly string[]): string[] {
  const used = new Set<string>(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let number = 2; seen.has(unique); number++)
      unique = used.has(`${name}_${number}`) ? unique : `${name}_${number}`;
    seen.add(unique);
    return unique;
  });
}

function rowCountOf(statistics: unknown): number | undefined {
  if (typeof statistics !== 'object' || statistics === null || !('rowCount' in statistics)) return undefined;
  const { rowCount } = statistics;
  return typeof rowCount === 'number' && rowCount >= 0 ? rowCount : undefined;
}
