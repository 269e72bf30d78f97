import type { ColumnDefinition, PartitionDefinition, StorageFormat } from '../../metastore/metastore.ts';

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
      readonly kind: 'create table';
      readonly name: DdlTableName;
      readonly ifNotExists: boolean;
      readonly columns: readonly ColumnDefinition[];
      readonly partitionKeys: readonly ColumnDefinition[];
      readonly comment?: string;
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
  | { readonly kind: 'repair table'; readonly name: DdlTableName }
  | { readonly kind: 'show partitions'; readonly name: DdlTableName }
  | { readonly kind: 'show create table'; readonly name: DdlTableName }
  | { readonly kind: 'show tblproperties'; readonly name: DdlTableName; readonly property?: string };
