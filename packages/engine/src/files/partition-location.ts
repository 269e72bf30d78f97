import type { TableDefinition } from '../metastore/metastore.ts';
import { encodeFolder } from './partition-folder.ts';

/** Where Hive puts a partition that has no location of its own: `key=value/` folders below the table's. */
export function partitionLocation(table: TableDefinition, values: readonly string[]): string {
  return `${table.location}${partitionFolders(table, values)}`;
}

/** `key=value/key=value/` */
export function partitionFolders(
  { partitionKeys }: { readonly partitionKeys: readonly { readonly name: string }[] },
  values: readonly string[],
): string {
  return partitionKeys.map(({ name }, index) => `${name}=${encodeFolder(values[index] ?? '')}/`).join('');
}
