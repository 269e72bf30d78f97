import { ErganeError } from '@ergane/protocol';
import type { FileFormat, StorageFormat } from '../../metastore/metastore.ts';
import type { DdlReader } from './ddl-reader.ts';

const LAZY_SIMPLE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
const PARQUET = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';

/** SerDe classes (https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html) that Ergane reads, in lower case. */
const SERDES: Readonly<Record<string, FileFormat>> = {
  [LAZY_SIMPLE.toLowerCase()]: 'csv',
  'org.apache.hadoop.hive.serde2.opencsvserde': 'csv',
  [PARQUET.toLowerCase()]: 'parquet',
  'org.openx.data.jsonserde.jsonserde': 'json',
  'org.apache.hive.hcatalog.data.jsonserde': 'json',
};

const STORED_AS: Readonly<Record<string, string>> = { TEXTFILE: LAZY_SIMPLE, PARQUET };

/** `ROW FORMAT …` and `STORED AS …`; Hive's default is text with Ctrl-A between the fields. */
export function parseStorage(reader: DdlReader): StorageFormat {
  const row = reader.skip('ROW', 'FORMAT') ? parseRowFormat(reader) : undefined;
  const storedAs = reader.skip('STORED', 'AS') ? parseStoredAs(reader) : undefined;
  const extra = reader.skip('WITH', 'SERDEPROPERTIES') ? reader.properties() : {};
  const serde = row?.serde ?? storedAs ?? LAZY_SIMPLE;
  const format = Object.hasOwn(SERDES, serde.toLowerCase()) ? SERDES[serde.toLowerCase()] : undefined;
  if (format === undefined)
    throw new ErganeError(
      'NOT_SUPPORTED',
      `tables of SerDe ${serde} cannot be read yet: use Parquet, CSV (LazySimpleSerDe, OpenCSVSerde) or JSON (OpenX or Hive JsonSerDe)`,
    );
  return { format, serde, serdeProperties: { ...row?.properties, ...extra } };
}

interface RowFormat {
  readonly serde?: string;
  readonly properties: Readonly<Record<string, string>>;
}

function parseRowFormat(reader: DdlReader): RowFormat {
  if (reader.skip('SERDE')) {
    const serde = reader.string();
    return { serde, properties: reader.skip('WITH', 'SERDEPROPERTIES') ? reader.properties() : {} };
  }
  if (!reader.skip('DELIMITED')) throw reader.failure('DELIMITED or SERDE');
  const properties: Record<string, string> = {};
  for (;;) {
    if (reader.skip('FIELDS', 'TERMINATED', 'BY')) properties['field.delim'] = reader.string();
    else if (reader.skip('ESCAPED', 'BY')) properties['escape.delim'] = reader.string();
    else if (reader.skip('COLLECTION', 'ITEMS', 'TERMINATED', 'BY')) properties['collection.delim'] = reader.string();
    else if (reader.skip('MAP', 'KEYS', 'TERMINATED', 'BY')) properties['mapkey.delim'] = reader.string();
    else if (reader.skip('LINES', 'TERMINATED', 'BY')) properties['line.delim'] = reader.string();
    else if (reader.skip('NULL', 'DEFINED', 'AS')) properties['serialization.null.format'] = reader.string();
    else return { serde: LAZY_SIMPLE, properties };
  }
}

function parseStoredAs(reader: DdlReader): string {
  if (reader.skip('INPUTFORMAT')) {
    const input = reader.string();
    reader.expect('OUTPUTFORMAT');
    reader.string();
    return /parquet/i.test(input) ? PARQUET : LAZY_SIMPLE;
  }
  for (const [name, serde] of Object.entries(STORED_AS)) if (reader.skip(name)) return serde;
  const name = reader.name().toUpperCase();
  throw new ErganeError('NOT_SUPPORTED', `STORED AS ${name} cannot be read yet: use PARQUET or TEXTFILE`);
}
