import { ErganeError } from '@ergane/protocol';
import type { TableFile } from './list-files.ts';
import type { Warehouse } from './warehouse.ts';

const S3_URL = /^s3[an]?:\/\/([^/]+)\/(.+)$/;

/**
 * The data files that symlink manifests name (`SymlinkTextInputFormat`): each line of a manifest is the address of one.
 * @throws ErganeError FILE_INVALID that names the manifest and the line
 */
export async function followManifests(
  warehouse: Warehouse,
  manifests: readonly TableFile[],
): Promise<readonly TableFile[]> {
  const files: TableFile[] = [];
  for (const { bucket, object, partitionValues } of manifests) {
    const text = Buffer.from(await warehouse.read(bucket, object.key)).toString('utf8');
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (line.trim() === '') continue;
      const [, target, key] = S3_URL.exec(line.trim()) ?? [];
      const found = target === undefined || key === undefined ? undefined : await warehouse.head(target, key);
      if (target === undefined || found === undefined)
        throw new ErganeError(
          'FILE_INVALID',
          `line ${index + 1} of the manifest s3://${bucket}/${object.key} names no object: "${line.trim()}"`,
          { where: { file: `s3://${bucket}/${object.key}`, line: index + 1 } },
        );
      if (found.size > 0) files.push({ bucket: target, object: found, partitionValues });
    }
  }
  return files;
}
