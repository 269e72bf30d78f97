import type { PartitionDefinition, TableDefinition } from '../metastore/metastore.ts';
import { decodeFolder } from './partition-folder.ts';
import { parseS3Location, printS3Location } from './s3-location.ts';
import type { Warehouse } from './warehouse.ts';

export interface HiveFolders {
  readonly partitions: readonly PartitionDefinition[];
  /** folders with files under the table's location that are no `key=value` folders of its partition keys */
  readonly strange: readonly string[];
}

/** The `key=value` folders under a table's location that hold files which are to be read. */
export async function listHiveFolders(
  warehouse: Warehouse,
  table: TableDefinition,
  isVisible: (fileName: string) => boolean,
): Promise<HiveFolders> {
  const { bucket, prefix } = parseS3Location(table.location);
  const partitions = new Map<string, PartitionDefinition>();
  const strange = new Set<string>();
  for await (const { key } of warehouse.list({ bucket, prefix })) {
    const folders = key.slice(prefix.length).split('/').slice(0, -1);
    if (folders.some((folder) => /^[._]/.test(folder)) || !isVisible(key.slice(key.lastIndexOf('/') + 1))) continue;
    const depth = table.partitionKeys.length;
    const values = table.partitionKeys.map((column, index) => readFolder(folders[index], column.name));
    const given = values.filter((value) => value !== undefined);
    const location = printS3Location({ bucket, prefix: `${prefix}${folders.slice(0, depth).join('/')}/` });
    if (given.length === depth) partitions.set(location, { values: given, location });
    else strange.add(printS3Location({ bucket, prefix: `${prefix}${folders.map((folder) => `${folder}/`).join('')}` }));
  }
  return { partitions: [...partitions.values()], strange: [...strange] };
}

function readFolder(folder: string | undefined, column: string): string | undefined {
  const at = folder?.indexOf('=') ?? -1;
  if (folder === undefined || at < 0 || folder.slice(0, at).toLowerCase() !== column) return undefined;
  return decodeFolder(folder.slice(at + 1));
}
