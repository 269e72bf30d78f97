import type { WriteLedger } from './write-ledger.ts';

/** A column as the metastore keeps it: `type` is Hive's text, such as `array<struct<a:int>>` or `decimal(10,2)`. */
export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
}

/** `values` in the order of the table's partition keys, as text; `location` is where its files are. */
export interface PartitionDefinition {
  readonly values: readonly string[];
  readonly location: string;
}

export type FileFormat = 'parquet' | 'csv' | 'json' | 'regex' | 'avro';

/** How the files of a table are written: the SerDe's properties, such as `field.delim`. */
export interface StorageFormat {
  readonly format: FileFormat;
  /** Hive's class name, as the statement gave it or as `STORED AS` implies it */
  readonly serde: string;
  /** Hadoop's classes, where the statement named them: `serdes.ts` knows those of each SerDe */
  readonly inputFormat?: string;
  readonly outputFormat?: string;
  readonly serdeProperties: Readonly<Record<string, string>>;
}

/** Buckets help writers alone; reading needs to know nothing of them. */
export interface Buckets {
  readonly columns: readonly string[];
  readonly count: number;
}

/** An external table on S3. */
export interface TableDefinition {
  readonly kind: 'external';
  readonly name: string;
  /** without the partition keys */
  readonly columns: readonly ColumnDefinition[];
  readonly partitionKeys: readonly ColumnDefinition[];
  /** `s3://bucket/prefix/` */
  readonly location: string;
  readonly storage: StorageFormat;
  readonly parameters: Readonly<Record<string, string>>;
  readonly comment?: string;
  readonly buckets?: Buckets;
  readonly partitions: readonly PartitionDefinition[];
  /** milliseconds since the epoch */
  readonly createdAt: number;
}

/** A query under a name: `catalog` and `schema` are what names in it mean. Types of columns are Trino's, as `typeof` prints them. */
export interface ViewDefinition {
  readonly name: string;
  /** the query as written */
  readonly text: string;
  readonly catalog?: string;
  readonly schema?: string;
  readonly columns: readonly ColumnDefinition[];
  readonly comment?: string;
  /** milliseconds since the epoch */
  readonly createdAt: number;
}

export interface DatabaseDefinition {
  readonly name: string;
  readonly comment?: string;
  readonly location?: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, TableDefinition>>;
  /** none has the name of a table */
  readonly views?: Readonly<Record<string, ViewDefinition>>;
}

/** All that is known of the tables on S3; a change is a new value. Names are lower-case. */
export interface MetastoreState {
  readonly databases: Readonly<Record<string, DatabaseDefinition>>;
  /** absent: nothing was ever written */
  readonly writes?: WriteLedger;
}

/** Where the databases and tables of `awsdatacatalog` are kept. */
export interface Metastore {
  /** for messages */
  readonly location: string;
  read(): Promise<MetastoreState>;
  /**
   * Replaces the state by what `change` makes of it: all or nothing, one writer at a time, on disk when it resolves.
   * What `change` throws leaves the state as it was.
   */
  update(change: (state: MetastoreState) => MetastoreState): Promise<void>;
}

/** Athena has a database `default` from the start. */
export const EMPTY_METASTORE: MetastoreState = {
  databases: { default: { name: 'default', parameters: {}, tables: {} } },
};
