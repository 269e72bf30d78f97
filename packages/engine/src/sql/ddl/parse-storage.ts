import { ErganeError } from '@ergane/protocol';
import type { StorageFormat } from '../../metastore/metastore.ts';
import { findSerde, LAZY_SIMPLE, serdeOfInputFormat, STORED_AS, type Serde } from '../../metastore/serdes.ts';
import type { DdlReader } from './ddl-reader.ts';

/** `ROW FORMAT …` and `STORED AS …`; Hive's default is text with Ctrl-A between the fields. */
export function parseStorage(reader: DdlReader): StorageFormat {
  const row = reader.skip('ROW', 'FORMAT') ? parseRowFormat(reader) : undefined;
  const stored = reader.skip('STORED', 'AS') ? parseStoredAs(reader) : {};
  const extra = reader.skip('WITH', 'SERDEPROPERTIES') ? reader.properties() : {};
  const serde = row?.serde ?? stored.serde ?? LAZY_SIMPLE.className;
  const found = findSerde(serde);
  if (found === undefined)
    throw new ErganeError(
      'NOT_SUPPORTED',
      `tables of SerDe ${serde} cannot be read: use Parquet, CSV (LazySimpleSerDe, OpenCSVSerde) or JSON (OpenX or Hive JsonSerDe)`,
    );
  const { inputFormat, outputFormat } = stored;
  return {
    format: found.format,
    serde,
    ...(inputFormat === undefined || inputFormat === found.inputFormat ? {} : { inputFormat }),
    ...(outputFormat === undefined || outputFormat === found.outputFormat ? {} : { outputFormat }),
    serdeProperties: { ...row?.properties, ...extra },
  };
}

interface RowFormat {
  readonly serde: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** Hive's clauses and the properties of LazySimpleSerDe that they stand for. */
const DELIMITED: readonly (readonly [readonly string[], string])[] = [
  [['FIELDS', 'TERMINATED', 'BY'], 'field.delim'],
  [['ESCAPED', 'BY'], 'escape.delim'],
  [['COLLECTION', 'ITEMS', 'TERMINATED', 'BY'], 'collection.delim'],
  [['MAP', 'KEYS', 'TERMINATED', 'BY'], 'mapkey.delim'],
  [['LINES', 'TERMINATED', 'BY'], 'line.delim'],
  [['NULL', 'DEFINED', 'AS'], 'serialization.null.format'],
];

function parseRowFormat(reader: DdlReader): RowFormat {
  if (reader.skip('SERDE')) {
    const serde = reader.string();
    return { serde, properties: reader.skip('WITH', 'SERDEPROPERTIES') ? reader.properties() : {} };
  }
  if (!reader.skip('DELIMITED')) throw reader.failure('DELIMITED or SERDE');
  const properties: Record<string, string> = {};
  for (;;) {
    const clause = DELIMITED.find(([words]) => reader.skip(...words));
    if (clause === undefined) return { serde: LAZY_SIMPLE.className, properties };
    const [, property] = clause;
    const text = reader.string();
    // as Hive: both names have the separator of the fields
    if (property === 'field.delim') properties['serialization.format'] = text;
    properties[property] = text;
  }
}

interface StoredAs {
  readonly serde?: string;
  readonly inputFormat?: string;
  readonly outputFormat?: string;
}

function parseStoredAs(reader: DdlReader): StoredAs {
  if (!reader.skip('INPUTFORMAT')) return { serde: namedFormat(reader).className };
  const inputFormat = reader.string();
  reader.expect('OUTPUTFORMAT');
  const outputFormat = reader.string();
  const serde = serdeOfInputFormat(inputFormat)?.className;
  return { inputFormat, outputFormat, ...(serde === undefined ? {} : { serde }) };
}

function namedFormat(reader: DdlReader): Serde {
  const name = reader.name().toUpperCase();
  const serde = Object.hasOwn(STORED_AS, name) ? STORED_AS[name] : undefined;
  if (serde !== undefined) return serde;
  throw new ErganeError(
    'NOT_SUPPORTED',
    `STORED AS ${name} cannot be read: use ${Object.keys(STORED_AS).sort().join(', ')}`,
  );
}
