import type { Capabilities, Constraints, FederationExpression, Identity, SqlTable, TableName } from '@ergane/protocol';
import type { RecordBatch, Schema } from 'apache-arrow';

/** String properties: what the connector itself will need later. They travel through the engine untouched. */
export type Properties = Readonly<Record<string, string>>;

/** What every call of a connector is given. */
export interface CallContext {
  readonly catalogName: string;
  readonly queryId: string;
  readonly identity: Identity;
  /** the function's own settings: environment, with secrets resolved */
  readonly settings: Settings;
  /** aborted when the query is cancelled or the deadline is over: cancel the work at the source */
  readonly signal: AbortSignal;
  /** milliseconds that this invocation still has */
  remainingTimeMs(): number;
  /** Runs a call to the source with AIMD back-off while `isThrottle(error)` holds (protocol reference, section 7.1, with jitter). */
  throttled<Result>(call: () => Promise<Result>, isThrottle: (error: unknown) => boolean): Promise<Result>;
  log(message: string): void;
}

/** A function's environment. `get` resolves `${secret}` references (section 7.3). */
export interface Settings {
  get(name: string): Promise<string | undefined>;
  /** Resolves the `${secret}` references of a text from elsewhere, such as a table's parameter; `name` is for errors. */
  resolve(text: string, name: string): Promise<string>;
  /** @throws ErganeError CONFIG_INVALID that names the setting */
  require(name: string): Promise<string>;
}

export interface TablePage {
  readonly tables: readonly TableName[];
  readonly nextToken?: string;
}

export interface TableDescription {
  /** with the source's own case, when it differs from what was asked */
  readonly tableName: TableName;
  /** all columns, partition columns included; custom metadata may carry what `read` needs */
  readonly schema: Schema;
  readonly partitionColumns?: readonly string[];
  /** estimates, for the planner */
  readonly statistics?: { readonly rowCount?: number; readonly totalBytes?: number };
  /** of a table that was inferred from a sample */
  readonly inference?: Inference;
  /**
   * How an engine may use the table in native queries of its own making. A connector that says so also applies constraints to the
   * answers of native queries, as far as it does for tables.
   */
  readonly sql?: SqlTable;
}

/** What a sample of a table without a schema showed. */
export interface Inference {
  /** documents, items or rows of the sample */
  readonly documentCount: number;
  /** the sample was the whole table */
  readonly complete: boolean;
  /** by column: its name in the source, and how many values of each kind it had */
  readonly columns: Readonly<
    Record<string, { readonly source: string; readonly kinds: Readonly<Record<string, number>> }>
  >;
  /** the table in the source */
  readonly sourceTable: string;
  /** Glue's table parameters that a definition of it needs, to be the connector's */
  readonly parameters?: Properties;
  /** the columns of its definition, where it has one: name in the source, and type in Athena's words */
  readonly defined?: Readonly<Record<string, { readonly source: string; readonly type: string }>>;
}

export interface LayoutRequest {
  readonly tableName: TableName;
  readonly schema: Schema;
  readonly partitionColumns: readonly string[];
  readonly constraints: Constraints;
}

/**
 * One partition that the constraints leave. `values` holds the partition columns (by name) as text, boolean, number or bigint;
 * `properties` is for `splits` alone.
 */
export interface Partition {
  readonly values?: Readonly<Record<string, string | number | bigint | boolean | null>>;
  readonly properties?: Properties;
}

export interface SplitsRequest extends LayoutRequest {
  readonly partitions: readonly Partition[];
}

export interface ReadRequest {
  readonly tableName: TableName;
  /** the projected columns, in the order in which batches must have them */
  readonly schema: Schema;
  readonly split: Properties;
  readonly constraints: Constraints;
}

/** Rows of a split, in columns. */
export interface ReadBatch {
  /** columns exactly as `ReadRequest.schema` has them */
  readonly batch: RecordBatch;
  /** rows the source gave for this batch, when it filtered more than it returned (for statistics); default: the batch's rows */
  readonly rowsRead?: number;
  /**
   * The split that resumes right after this batch (keyset, LastEvaluatedKey, cursor). With it a read may stop here when its deadline,
   * memory or spill budget is near; without it the SDK reads on.
   */
  readonly resume?: Properties;
  /** further counters of this batch, such as `consumedCapacity` or `retries`: their sums go into `readStatistics` */
  readonly statistics?: Readonly<Record<string, number>>;
  /** Called once nobody reads the batch's buffers any more; `BatchWriter.recycle` then writes the next batch into them. */
  release?(): void;
  /** what whoever reads the answer should know, such as attributes that the schema lacks; each text goes once into `readStatistics.notes` */
  readonly notes?: readonly string[];
}

/** What of a request the connector's query to the source takes over; made by a connector's `to-query.ts`, read by `explain` and tests. */
export interface PushdownAnswer<Query> {
  readonly query: Query;
  /** columns of `summary` whose value sets the source applies */
  readonly columns: readonly string[];
  readonly expressions: readonly FederationExpression[];
  readonly order: boolean;
  readonly limit: boolean;
}

/** One connector. Only `name`, the three metadata functions and `read` are needed. */
export interface ConnectorDefinition {
  /** `sourceType` of the ping, such as `mysql` */
  readonly name: string;
  listSchemas(context: CallContext): Promise<readonly string[]>;
  /** Without `pageSize` every table of the schema. */
  listTables(
    context: CallContext,
    schemaName: string,
    page: { readonly token?: string; readonly size?: number },
  ): Promise<TablePage>;
  /** undefined: no such table. The SDK tries the source's spelling of a lower-cased name by itself, with `listSchemas` and `listTables`. */
  describeTable(context: CallContext, tableName: TableName): Promise<TableDescription | undefined>;
  /** Partition pruning. Default: one partition without properties. No partition: nothing to read. */
  layout?(context: CallContext, request: LayoutRequest): AsyncIterable<Partition> | Iterable<Partition>;
  /** How partitions divide into units of work. Default: one split a partition, with the partition's properties. The SDK pages them. */
  splits?(context: CallContext, request: SplitsRequest): AsyncIterable<Properties> | Iterable<Properties>;
  /** What `read` guarantees exactly; the engine need not repeat it. Default: nothing. */
  capabilities?(context: CallContext): Promise<Capabilities> | Capabilities;
  /**
   * Rows of one split. `summary` is re-checked by the SDK on every batch, `expression`, order and limit by the engine, unless
   * `capabilities` promised them. Return (or be returned, in `finally`) to release what the read holds.
   */
  read(context: CallContext, request: ReadRequest): AsyncIterable<ReadBatch>;
  /** The native query that `read` would run, for EXPLAIN; and notes such as why a Scan is needed. */
  explain?(context: CallContext, request: ReadRequest): Promise<NativeQuery> | NativeQuery;
  /** Native queries as tables (section 3.7). `describe` answers the columns of one; `read` sees the same arguments in the constraints. */
  passthrough?: {
    readonly schema: string;
    readonly name: string;
    readonly arguments: readonly string[];
    describe(context: CallContext, args: Readonly<Record<string, string>>): Promise<Schema>;
  };
  /** User-defined functions, by lower-case name (section 1.4, UDF). */
  functions?: Readonly<Record<string, (columns: RecordBatch) => Promise<readonly unknown[]> | readonly unknown[]>>;
}

export interface NativeQuery {
  readonly nativeQuery?: string;
  readonly notes?: readonly string[];
}

/** What `defineConnector` gives: the handler of every wire message, for a host to run. */
export interface Connector {
  readonly definition: ConnectorDefinition;
  /** One invocation: JSON message in, JSON message out. Throws ErganeError; the host turns it into Lambda's error JSON. */
  handle(payload: Uint8Array, invocation: InvocationContext): Promise<Uint8Array>;
}

/** What a host tells a connector of one invocation. */
export interface InvocationContext {
  readonly requestId: string;
  readonly functionName: string;
  readonly memoryLimitMb: number;
  /** milliseconds since the epoch */
  readonly deadline: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** where `CallContext.log` writes; default: the standard error stream */
  log?(message: string): void;
}
