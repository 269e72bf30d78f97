import type { ValueSet } from '@ergane/protocol';
import { ErganeError, valueSetContains } from '@ergane/protocol';
import type { ObjectInfo } from '@ergane/storage';
import { parseHiveType } from '../metastore/hive-type.ts';
import type { PartitionDefinition, TableDefinition } from '../metastore/metastore.ts';
import { isSymlinkInput } from '../metastore/serdes.ts';
import { followManifests } from './symlink-manifest.ts';
import { parsePartitionValue } from './partition-value.ts';
import { isProjected, projectPartitions } from './projection/project-partitions.ts';
import { parseS3Location } from './s3-location.ts';
import type { Warehouse } from './warehouse.ts';

/** A file to read, with the partition values of its folder as text. */
export interface TableFile {
  readonly bucket: string;
  readonly object: ObjectInfo;
  readonly partitionValues: readonly string[];
}

export interface FileListing {
  readonly files: readonly TableFile[];
  readonly bytes: number;
  /** undefined where they are projected: nobody counts those that the query leaves out */
  readonly partitions: number | undefined;
  readonly partitionsRead: number;
}

/** how many folders are listed at once */
const LISTINGS_AT_ONCE = 16;

/**
 * The files of a table in the partitions that the constraints leave. As Hive does it skips names that begin with `_` or `.`, and files of
 * no bytes; and of those that Ergane wrote, what `findVisible` says: it is asked when all are listed.
 * @throws ErganeError FILE_INVALID for a partition value that is none of its column's type, STORE_FAILED
 */
export async function listFiles(
  warehouse: Warehouse,
  table: TableDefinition,
  summary: Readonly<Record<string, ValueSet>>,
  findVisible?: () => Promise<(fileName: string) => boolean>,
): Promise<FileListing> {
  const { kept, count } = findPartitions(table, summary);
  const files: TableFile[][] = kept.map(() => []);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < kept.length; index = next++) {
      const partition = kept[index];
      if (partition !== undefined) files[index] = await listFolder(warehouse, partition);
    }
  };
  await Promise.all(Array.from({ length: LISTINGS_AT_ONCE }, work));
  const isVisible = await findVisible?.();
  const isManifest = isSymlinkInput(table.storage.inputFormat);
  const listed = isManifest ? await followManifests(warehouse, files.flat()) : files.flat();
  const all = listed.filter(({ object }) => isVisible?.(fileName(object.key)) ?? true);
  return { files: all, bytes: sumBytes(all), partitions: count, partitionsRead: kept.length };
}

/** What narrower constraints leave of a listing. */
export function pruneListing(
  listing: FileListing,
  table: TableDefinition,
  summary: Readonly<Record<string, ValueSet>>,
): FileListing {
  if (table.partitionKeys.length === 0) return listing;
  const files = listing.files.filter(({ partitionValues }) => isKept(table, { values: partitionValues }, summary));
  return { ...listing, files, bytes: sumBytes(files), partitionsRead: findPartitions(table, summary).kept.length };
}

function sumBytes(files: readonly TableFile[]): number {
  return files.reduce((sum, { object }) => sum + object.size, 0);
}

function findPartitions(
  table: TableDefinition,
  summary: Readonly<Record<string, ValueSet>>,
): { readonly kept: readonly PartitionDefinition[]; readonly count: number | undefined } {
  if (table.partitionKeys.length === 0) return { kept: [{ values: [], location: table.location }], count: 1 };
  if (isProjected(table)) return { kept: projectPartitions(table, summary, Date.now()), count: undefined };
  const { partitions } = table;
  return { kept: partitions.filter((partition) => isKept(table, partition, summary)), count: partitions.length };
}

function isKept(
  table: TableDefinition,
  partition: Pick<PartitionDefinition, 'values'>,
  summary: Readonly<Record<string, ValueSet>>,
): boolean {
  return table.partitionKeys.every((key, index) => {
    const set = Object.hasOwn(summary, key.name) ? summary[key.name] : undefined;
    const text = partition.values[index];
    if (set === undefined) return true;
    if (text === undefined)
      throw new ErganeError('METASTORE_FAILED', `a partition of table ${table.name} has no value for ${key.name}`);
    return valueSetContains(set, parsePartitionValue(text, parseHiveType(key.type), key.name));
  });
}

async function listFolder(warehouse: Warehouse, partition: PartitionDefinition): Promise<TableFile[]> {
  const location = parseS3Location(partition.location);
  const files: TableFile[] = [];
  for await (const object of warehouse.list(location)) {
    if (object.size === 0 || /^[._]/.test(fileName(object.key))) continue;
    files.push({ bucket: location.bucket, object, partitionValues: partition.values });
  }
  return files;
}

function fileName(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}
