import { ErganeError } from '@ergane/protocol';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { NULL_PARTITION, parsePartitionValue } from '../files/partition-value.ts';
import { PARTITION_MARK, type WrittenColumn } from './copy-text.ts';

/** A file that DuckDB wrote: the partition it belongs to, values as Hive's text. */
export interface WrittenFile {
  readonly file: string;
  readonly values: readonly string[];
}

/** The files that COPY left in its folder; one without rows is none. @throws ErganeError for a value that no folder's name can stand for */
export async function listStaged(
  folder: string,
  { rows, partitionKeys }: { readonly rows: bigint; readonly partitionKeys: readonly WrittenColumn[] },
): Promise<readonly WrittenFile[]> {
  if (rows === 0n) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: WrittenFile[] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    if ((await stat(file)).size === 0) continue;
    const folders = path
      .relative(folder, entry.parentPath)
      .split(path.sep)
      .filter((part) => part !== '');
    files.push({ file, values: partitionKeys.map((key, index) => decodeValue(folders[index] ?? '', key)) });
  }
  return files;
}

/** `p0=v2024-01-01`, percent-encoded; NULL has no mark. */
function decodeValue(folder: string, { name, type }: WrittenColumn): string {
  const text = decodeURIComponent(folder.slice(folder.indexOf('=') + 1));
  if (!text.startsWith(PARTITION_MARK)) return NULL_PARTITION;
  const value = text.slice(PARTITION_MARK.length);
  if (value === NULL_PARTITION)
    throw new ErganeError(
      'NOT_SUPPORTED',
      `"${value}" of partition column ${name} is how Hive writes NULL: it cannot be a value`,
      {
        where: { column: name },
      },
    );
  parsePartitionValue(value, type, name);
  return value;
}
