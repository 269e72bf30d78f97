import type { TableDefinition } from '../../metastore/metastore.ts';
import { avroToJson } from './avro-to-json.ts';
import { decompressions } from './decompress.ts';

/** How a file that DuckDB cannot read becomes one that it can: a copy in the cache folder. */
export interface FileConversion {
  /** of the copy's name, so that another way of converting makes another copy; the extension is for DuckDB */
  readonly name: string;
  /** `source` and `target` are paths of this machine. */
  convert(source: string, target: string): Promise<void>;
}

/** What must be done with a file of a table; undefined: DuckDB reads it as it is. */
export function conversionOf({ storage }: TableDefinition, key: string): FileConversion | undefined {
  switch (storage.format) {
    case 'parquet':
      return undefined;
    case 'avro':
      return avroToJson;
    case 'csv':
    case 'json':
    case 'regex':
      // by the name's end, as Hadoop chooses its codecs
      return decompressions.find(({ extension }) => key.toLowerCase().endsWith(extension));
  }
}
