import { decodeBase64, decodeSchema, encodeBase64, encodeSchema, ErganeError, readValue } from '@ergane/protocol';
import type { Block } from '@ergane/protocol';
import { Field, Int32, Schema, Utf8 } from 'apache-arrow';
import { BatchWriter } from '../columns/index.ts';
import type { Partition, Properties } from '../connector.ts';
import { parsePartitionValue, printPartitionValue } from './partition-value.ts';

/** Private to the connector: the partition's properties as JSON. No column of a table has this name. */
const PROPERTIES = 'ergane.properties';
/** Section 4.2: what a block without anything to say has. */
const PARTITION_ID = 'partitionId';
/** The table's schema, which GetSplits is not told. */
const TABLE_SCHEMA = 'ergane.schema';

export interface PartitionedTable {
  readonly schema: Schema;
  readonly partitionColumns: readonly string[];
}

/** Partitions as the rows of a block: partition columns, then what `splits` alone will read (section 4.2). */
export function makePartitionsBlock(table: PartitionedTable, partitions: readonly Partition[]): Block {
  const fields = table.partitionColumns.map((name) => findField(table.schema, name));
  const privateFields = [new Field(PROPERTIES, new Utf8(), true), new Field(PARTITION_ID, new Int32(), true)];
  const schema = new Schema([...fields, ...privateFields], table.schema.metadata);
  const writer = new BatchWriter(schema, { rows: Math.max(1, partitions.length), bytes: 2 ** 30 });
  for (const [index, { values = {}, properties }] of partitions.entries()) {
    const cells = fields.map((field) => parsePartitionValue(field, values[field.name]));
    writer.appendRow([...cells, properties && JSON.stringify(properties), index + 1]);
  }
  return { schema, batch: writer.finish() };
}

/** The block with its table's schema, for the caller who will ask for splits. */
export function withTableSchema({ schema, batch }: Block, table: Schema): Block {
  const metadata = new Map(schema.metadata);
  metadata.set(TABLE_SCHEMA, encodeBase64(encodeSchema(table, 'modern')));
  return { schema: new Schema(schema.fields, metadata), batch };
}

/** As many partitions, of which nothing is told: nobody will ask for their splits. */
export function withoutProperties({ batch }: Block): Block {
  const schema = new Schema([new Field(PARTITION_ID, new Int32(), true)]);
  const writer = new BatchWriter(schema, { rows: Math.max(1, batch.numRows), bytes: 2 ** 30 });
  for (let row = 0; row < batch.numRows; row++) writer.appendRow([row + 1]);
  return { schema, batch: writer.finish() };
}

/** The partitions of a block, as the connector's `layout` gave them. */
export function readPartitions({ schema, batch }: Block, partitionColumns: readonly string[]): Partition[] {
  const columns = partitionColumns.map((name) => ({ name, index: findIndex(schema, name) }));
  const at = schema.fields.findIndex((field) => field.name === PROPERTIES);
  const propertiesColumn = batch.data.children[at];
  return Array.from({ length: batch.numRows }, (_, row) => {
    const values = columns.map(({ name, index }) => {
      const data = batch.data.children[index];
      const field = schema.fields[index];
      return [name, data && field ? printPartitionValue(field, readValue(data, row)) : null] as const;
    });
    const text = propertiesColumn && readValue(propertiesColumn, row);
    return {
      ...(values.length > 0 && { values: Object.fromEntries(values) }),
      ...(typeof text === 'string' && { properties: parseProperties(text) }),
    };
  });
}

/** The table's schema that the block carries; undefined: the block is not of this SDK. */
export function readTableSchema({ schema }: Block): Schema | undefined {
  const text = schema.metadata.get(TABLE_SCHEMA);
  return text === undefined ? undefined : decodeSchema(decodeBase64(text, 'partitions.schema'), 'partitions.schema');
}

function parseProperties(text: string): Properties {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null)
    throw new ErganeError('PROTOCOL_INVALID', `GetSplitsRequest.partitions: ${PROPERTIES} is no JSON object`);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, String(member)]));
}

function findIndex(schema: Schema, name: string): number {
  return schema.fields.findIndex((field) => field.name === name);
}

function findField(schema: Schema, name: string): Field {
  const field = schema.fields.find((candidate) => candidate.name === name);
  if (field !== undefined) return field;
  throw new ErganeError('COLUMN_NOT_FOUND', `the partition column "${name}" is no column of the table`, {
    where: { column: name },
  });
}
