import type { Schema } from 'apache-arrow';
import type { Block } from '../arrow.ts';
import { decodeBase64 } from '../base64.ts';
import { decodeRecordBatch, emptyRecordBatch } from '../ipc/decode-record-batch.ts';
import { decodeSchema } from '../ipc/schema-message.ts';
import { JsonObject, readText } from './json-object.ts';

/** Reads the Arrow members of one message: equal schemas, as of a hundred markers, are decoded once; the framing is remembered. */
export class BlockReader {
  private readonly schemas = new Map<string, Schema>();
  /** a schema in legacy framing was seen: a caller of version 2 (section 1.3) */
  legacy = false;

  schema(value: unknown, path: string): Schema {
    const text = readText(value, path);
    const known = this.schemas.get(text);
    if (known !== undefined) return known;
    const schema = decodeSchema(decodeBase64(text, path), path);
    this.schemas.set(text, schema);
    // FF FF FF begins as base64 with ////: modern framing
    if (!text.startsWith('////')) this.legacy = true;
    return schema;
  }

  block(value: unknown, path: string): Block {
    const object = new JsonObject(value, path);
    const schema = this.schema(object.get('schema'), object.at('schema'));
    const records = object.bytes('records');
    const batch =
      records.length === 0 ? emptyRecordBatch(schema) : decodeRecordBatch(records, schema, object.at('records'));
    return { schema, batch };
  }
}
