import type { Buckets, ColumnDefinition, PartitionDefinition, StorageFormat } from '../../metastore/metastore.ts';

/** `database` as written; absent: the session's. Names are lower-case. */
export interface DdlTableName {
  readonly database?: string;
  readonly table: string;
}

/** Column and value as text, in the order of the statement. */
export type PartitionSpec = readonly { readonly column: string; readonly value: string }[];

/** A statement of Hive's DDL that Athena has for tables on S3, or of those that show what it made. */
export type DdlStatement =
  | {
      readonly kind: 'create database';
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly comment?: string;
      readonly location?: string;
      readonly parameters: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'drop database'; readonly name: string; readonly ifExists: boolean; readonly cascade: boolean }
  | {
      readonly kind: 'alter database';
      readonly name: string;
      readonly change: { readonly parameters: Readonly<Record<string, string>> } | { readonly location: string };
    }
  | {
      readonly kind: 'create table';
      readonly name: DdlTableName;
      readonly ifNotExists: boolean;
      readonly columns: readonly ColumnDefinition[];
      readonly partitionKeys: readonly ColumnDefinition[];
      readonly comment?: string;
      readonly buckets?: Buckets;
      readonly storage: StorageFormat;
      readonly location: string;
      readonly parameters: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'drop table'; readonly name: DdlTableName; readonly ifExists: boolean }
  | {
      readonly kind: 'add partitions';
      readonly name: DdlTableName;
      readonly ifNotExists: boolean;
      readonly partitions: readonly {
        readonly spec: PartitionSpec;
        readonly location?: PartitionDefinition['location'];
      }[];
    }
  | {
      readonly kind: 'drop partitions';
      readonly name: DdlTableName;
      readonly ifExists: boolean;
      readonly specs: readonly PartitionSpec[];
    }
  | {
      readonly kind: 'rename partition';
      readonly name: DdlTableName;
      readonly from: PartitionSpec;
      readonly to: PartitionSpec;
    }
  | { readonly kind: 'add columns'; readonly name: DdlTableName; readonly columns: readonly ColumnDefinition[] }
  | { readonly kind: 'replace columns'; readonly name: DdlTableName; readonly columns: readonly ColumnDefinition[] }
  | {
      readonly kind: 'change column';
      readonly name: DdlTableName;
      readonly from: string;
      readonly column: ColumnDefinition;
      readonly place?: 'first' | { readonly after: string };
    }
  | {
      readonly kind: 'set table properties';
      readonly name: DdlTableName;
      readonly parameters: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'set location';
      readonly name: DdlTableName;
      /** absent: the table's own */
      readonly spec?: PartitionSpec;
      readonly location: string;
    }
  | { readonly kind: 'repair table'; readonly name: DdlTableName }
  | { readonly kind: 'show partitions'; readonly name: DdlTableName }
  | { readonly kind: 'show create table'; readonly name: DdlTableName }
  | { readonly kind: 'show tblproperties'; readonly name: DdlTableName; readonly property?: string }
  | {
      readonly kind: 'describe';
      readonly name: DdlTableName;
      readonly style: 'plain' | 'extended' | 'formatted';
      readonly spec?: PartitionSpec;
      /** a column, and the way into it */
      readonly path?: readonly string[];
    };
