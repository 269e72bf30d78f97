import { parseS3Location, printS3Location } from '../files/s3-location.ts';
import { partitionFolders } from '../files/partition-location.ts';
import { printHiveType } from '../metastore/print-hive-type.ts';
import type { Unload } from '../sql/parse/write-statement.ts';
import type { WriteLayout } from '../write/copy-text.ts';
import { namedColumns } from '../write/named-columns.ts';
import { requireFileCatalog, type WriteContext, type WrittenRows } from '../write/write-context.ts';
import { writeFiles } from '../write/write-files.ts';
import { readWriteProperties } from '../write/write-properties.ts';
import { dividePartitions } from './run-create-table-as.ts';

/** `UNLOAD (…) TO 's3://…'` (https://docs.aws.amazon.com/athena/latest/ug/unload.html): files of a query, and no table. */
export async function runUnload(statement: Unload, context: WriteContext): Promise<WrittenRows> {
  const catalog = requireFileCatalog(context.catalogs, 'UNLOAD');
  const { format, partitionedBy } = readWriteProperties('unload', statement.properties);
  const folder = printS3Location(parseS3Location(statement.location));
  let layout: WriteLayout | undefined;
  return writeFiles({
    place: catalog,
    writer: context.writer,
    query: statement.query,
    signal: context.signal,
    folder,
    isNew: true,
    check: () => undefined,
    layout(compiled) {
      const columns = namedColumns(compiled, statement);
      for (const { name, type } of columns) printHiveType(type, name);
      const { data, keys } = dividePartitions(columns, partitionedBy, statement);
      layout = { format, columns: data, partitionKeys: keys };
      return layout;
    },
    locate: (_state, { values }) =>
      `${folder}${partitionFolders({ partitionKeys: layout?.partitionKeys ?? [] }, values)}`,
    commit: (state) => state,
  });
}
