import { Field, RecordBatch, RecordBatchStreamWriter, Schema, Struct, makeData, type Data } from 'apache-arrow';
import { arrowType, makeArrowData } from './arrow-column.ts';
import { makeUnique, type Format } from './format.ts';

/** Bytes of the end-of-stream marker: a continuation and a length of zero. */
const END_BYTES = 8;
/** Rows of one record batch, at least: small ones cost more than they hold. */
const BATCH_ROWS = 8_192;

/** An Arrow IPC stream. Types are Arrow's own where they hold every value (docs/cli.md); other values are their text. */
export const printArrow: Format = async function* ({ columns, batches }) {
  if (columns.length === 0) return;
  const names = makeUnique(columns.map(({ name }) => name));
  const schema = new Schema(columns.map(({ type }, index) => new Field(names[index] ?? '', arrowType(type), true)));
  const bare = writeStream(schema);
  const schemaLength = bare.length - END_BYTES;
  yield bare.subarray(0, schemaLength);
  for await (const rows of gather(batches, BATCH_ROWS)) {
    const children = columns.map(({ type }, index): Data =>
      makeArrowData(
        type,
        rows.map((row) => row[index] ?? null),
      ),
    );
    const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
    const bytes = writeStream(schema, new RecordBatch(schema, data));
    yield bytes.subarray(schemaLength, bytes.length - END_BYTES);
  }
  yield bare.subarray(schemaLength);
};

/** A stream of one batch or none: the writer of the library has no way to wait for who reads. */
function writeStream(schema: Schema, batch?: RecordBatch): Uint8Array {
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, schema);
  if (batch !== undefined) writer.write(batch);
  writer.finish();
  return writer.toUint8Array(true);
}

async function* gather<Row>(batches: AsyncIterable<readonly Row[]>, count: number): AsyncGenerator<readonly Row[]> {
  let gathered: Row[] = [];
  for await (const rows of batches) {
    for (const row of rows) gathered.push(row);
    if (gathered.length >= count) {
      yield gathered;
      gathered = [];
    }
  }
  if (gathered.length > 0) yield gathered;
}
