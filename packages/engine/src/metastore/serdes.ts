import type { FileFormat } from './metastore.ts';

/** A SerDe class of Hive: how it is written in DDL, and Hadoop's classes that go with it. */
export interface Serde {
  readonly className: string;
  readonly format: FileFormat;
  readonly inputFormat: string;
  readonly outputFormat: string;
}

const TEXT_INPUT = 'org.apache.hadoop.mapred.TextInputFormat';
const TEXT_OUTPUT = 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat';

function text(className: string, format: FileFormat): Serde {
  return { className, format, inputFormat: TEXT_INPUT, outputFormat: TEXT_OUTPUT };
}

export const LAZY_SIMPLE = text('org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe', 'csv');
export const PARQUET: Serde = {
  className: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
  format: 'parquet',
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
};

export const AVRO: Serde = {
  className: 'org.apache.hadoop.hive.serde2.avro.AvroSerDe',
  format: 'avro',
  inputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat',
};

/** The SerDes that can be read (https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html). */
const SERDES: readonly Serde[] = [
  LAZY_SIMPLE,
  PARQUET,
  AVRO,
  text('org.apache.hadoop.hive.serde2.OpenCSVSerde', 'csv'),
  text('org.openx.data.jsonserde.JsonSerDe', 'json'),
  text('org.apache.hive.hcatalog.data.JsonSerDe', 'json'),
  text('org.apache.hadoop.hive.serde2.JsonSerDe', 'json'),
  text('org.apache.hadoop.hive.serde2.RegexSerDe', 'regex'),
  text('org.apache.hadoop.hive.contrib.serde2.RegexSerDe', 'regex'),
  text('com.amazonaws.glue.serde.GrokSerDe', 'regex'),
];

/** What `STORED AS` names; ORC, RCFILE, SEQUENCEFILE and ION cannot be read. */
export const STORED_AS: Readonly<Record<string, Serde>> = { TEXTFILE: LAZY_SIMPLE, PARQUET, AVRO };

/** The SerDe of a class name, whatever its case. */
export function findSerde(className: string): Serde | undefined {
  return SERDES.find((serde) => serde.className.toLowerCase() === className.toLowerCase());
}

/** The SerDe whose files an input format reads; undefined for text, which says nothing of the SerDe. */
export function serdeOfInputFormat(inputFormat: string): Serde | undefined {
  return SERDES.find((serde) => serde.inputFormat !== TEXT_INPUT && serde.inputFormat === inputFormat);
}

/** Files that list the data files of a table, one path a line. */
export function isSymlinkInput(inputFormat: string | undefined): boolean {
  return inputFormat?.endsWith('.SymlinkTextInputFormat') === true;
}
