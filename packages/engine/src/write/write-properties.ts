import type { ErganeError } from '@ergane/protocol';
import type { StorageFormat } from '../metastore/metastore.ts';
import { failAt } from '../sql/emit/typed.ts';
import type { Expression, Position } from '../sql/parse/syntax-tree.ts';
import type { WriteProperty } from '../sql/parse/write-statement.ts';
import type { OutputFormat, ParquetCompression, TextCompression } from './output-format.ts';

/** What the WITH clause of CREATE TABLE AS or UNLOAD asks. */
export interface WriteProperties {
  readonly format: OutputFormat;
  /** how a table of such files is described */
  readonly storage: StorageFormat;
  /** the table's TBLPROPERTIES */
  readonly parameters: Readonly<Record<string, string>>;
  /** names in lower case */
  readonly partitionedBy: readonly string[];
  readonly externalLocation?: string;
}

/**
 * https://docs.aws.amazon.com/athena/latest/ug/create-table-as.html#ctas-table-properties and unload.html; what is known and cannot be
 * done is NOT_SUPPORTED, what is not known INVALID_TABLE_PROPERTY.
 */
export function readWriteProperties(
  kind: 'create table as' | 'unload',
  properties: readonly WriteProperty[],
): WriteProperties {
  const reader = new PropertyReader(kind, properties);
  const format = reader.choice('format', ['PARQUET', 'TEXTFILE', 'JSON', 'ORC', 'AVRO', 'ION']) ?? 'PARQUET';
  const delimiter = reader.text('field_delimiter') ?? '\u0001';
  const partitionedBy = (reader.list('partitioned_by') ?? []).map((name) => name.toLowerCase());
  const compression = kind === 'unload' ? 'compression' : 'write_compression';
  const own = kind === 'unload' ? undefined : reader.text(`${format.toLowerCase()}_compression`);
  const asked = reader.text(compression) ?? own;
  const level = reader.number('compression_level');
  let externalLocation: string | undefined;
  if (kind === 'create table as') {
    externalLocation = reader.text('external_location');
    if (reader.choice('table_type', ['HIVE', 'ICEBERG']) === 'ICEBERG')
      throw reader.unsupported('table_type', 'Iceberg tables are read only: use HIVE');
    if (reader.boolean('is_external') === false)
      throw reader.unsupported('is_external', 'only Iceberg tables are managed, and those are read only');
    // buckets are a layout of the files alone: the rows are the same without them
    if ((reader.list('bucketed_by') === undefined) !== (reader.number('bucket_count') === undefined))
      throw reader.invalid('bucketed_by', 'bucketed_by and bucket_count must be given together');
  }
  reader.end();
  const output = outputFormat(reader, { format, compression, asked, delimiter, level });
  return {
    ...output,
    partitionedBy,
    ...(externalLocation === undefined ? {} : { externalLocation }),
  };
}

function outputFormat(
  reader: PropertyReader,
  {
    format,
    compression: property,
    asked,
    delimiter,
    level,
  }: {
    readonly format: string;
    readonly compression: string;
    readonly asked: string | undefined;
    readonly delimiter: string;
    readonly level: number | undefined;
  },
): Pick<WriteProperties, 'format' | 'storage' | 'parameters'> {
  const name = (asked ?? 'GZIP').toUpperCase();
  const levelOf = name === 'ZSTD' && level !== undefined ? { level } : {};
  if (format === 'PARQUET') {
    const compression = parquetCompression(name);
    if (compression === undefined)
      throw reader.unsupported(property, `PARQUET is written with ${Object.keys(PARQUET_CODECS).join(', ')}`);
    return {
      format: { kind: 'parquet', compression, ...levelOf },
      storage: { format: 'parquet', serde: PARQUET_SERDE, serdeProperties: {} },
      parameters: { 'parquet.compression': name },
    };
  }
  const compression = textCompression(name);
  if (format === 'JSON' || format === 'TEXTFILE') {
    if (compression === undefined)
      throw reader.unsupported(property, `${format} is written with ${Object.keys(TEXT_CODECS).join(', ')}`);
    const parameters = { 'write.compression': name };
    if (format === 'JSON')
      return {
        format: { kind: 'json', compression },
        storage: { format: 'json', serde: JSON_SERDE, serdeProperties: {} },
        parameters,
      };
    if ([...delimiter].length !== 1) throw reader.invalid('field_delimiter', 'it must be one character');
    return {
      format: { kind: 'text', compression, text: { delimiter, nullText: '\\N', header: false } },
      storage: { format: 'csv', serde: TEXT_SERDE, serdeProperties: { 'field.delim': delimiter } },
      parameters,
    };
  }
  throw reader.unsupported('format', `${format} cannot be written: use PARQUET, TEXTFILE or JSON`);
}

const PARQUET_SERDE = 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe';
const JSON_SERDE = 'org.apache.hive.hcatalog.data.JsonSerDe';
const TEXT_SERDE = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';

const PARQUET_CODECS: Readonly<Record<string, ParquetCompression>> = {
  GZIP: 'gzip',
  SNAPPY: 'snappy',
  ZSTD: 'zstd',
  LZ4: 'lz4_raw',
  NONE: 'uncompressed',
  UNCOMPRESSED: 'uncompressed',
};
const TEXT_CODECS: Readonly<Record<string, TextCompression>> = {
  GZIP: 'gzip',
  ZSTD: 'zstd',
  NONE: 'none',
  UNCOMPRESSED: 'none',
};

export function parquetCompression(name: string): ParquetCompression | undefined {
  return Object.hasOwn(PARQUET_CODECS, name.toUpperCase()) ? PARQUET_CODECS[name.toUpperCase()] : undefined;
}

export function textCompression(name: string): TextCompression | undefined {
  return Object.hasOwn(TEXT_CODECS, name.toUpperCase()) ? TEXT_CODECS[name.toUpperCase()] : undefined;
}

class PropertyReader {
  readonly #kind: string;
  readonly #left: Map<string, WriteProperty>;
  readonly #all: readonly WriteProperty[];

  constructor(kind: 'create table as' | 'unload', properties: readonly WriteProperty[]) {
    this.#kind = kind === 'unload' ? 'UNLOAD' : "Catalog 'awsdatacatalog' table";
    this.#all = properties;
    this.#left = new Map(properties.map((property) => [property.name, property]));
    const twice = properties.find(({ name }, index) => properties.findIndex((each) => each.name === name) < index);
    if (twice !== undefined)
      throw failAt('INVALID_TABLE_PROPERTY', twice.at, `property '${twice.name}' is given twice`);
  }

  text(name: string): string | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (value.kind === 'string') return value.text;
    throw this.invalid(name, 'it must be a string');
  }

  choice<Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = choices.find((choice) => choice === text.toUpperCase());
    if (found !== undefined) return found;
    throw this.invalid(name, `'${text}' is none of ${choices.join(', ')}`);
  }

  list(name: string): readonly string[] | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const items = value.kind === 'array' ? value.items : [];
    const texts = items.flatMap((item) => (item.kind === 'string' ? [item.text] : []));
    if (value.kind === 'array' && texts.length === items.length) return texts;
    throw this.invalid(name, "it must be an array of strings, such as ARRAY['a', 'b']");
  }

  number(name: string): number | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (value.kind === 'integer') return Number(value.text);
    throw this.invalid(name, 'it must be a number');
  }

  boolean(name: string): boolean | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (value.kind === 'boolean') return value.value;
    throw this.invalid(name, 'it must be true or false');
  }

  /** @throws ErganeError INVALID_TABLE_PROPERTY for a property that nothing asked for */
  end(): void {
    for (const { name, at } of this.#left.values())
      throw failAt('INVALID_TABLE_PROPERTY', at, `${this.#kind} property '${name}' does not exist`);
  }

  invalid(name: string, why: string): ErganeError {
    return failAt('INVALID_TABLE_PROPERTY', this.#place(name), `Invalid value for property '${name}': ${why}`);
  }

  unsupported(name: string, why: string): ErganeError {
    return failAt('NOT_SUPPORTED', this.#place(name), `property '${name}': ${why}`);
  }

  #take(name: string): Expression | undefined {
    const { value } = this.#left.get(name) ?? {};
    this.#left.delete(name);
    return value;
  }

  #place(name: string): Position {
    return (this.#all.find((property) => property.name === name) ?? this.#all[0])?.at ?? { line: 1, col: 1 };
  }
}
