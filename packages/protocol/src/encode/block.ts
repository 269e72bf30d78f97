import type { Schema } from 'apache-arrow';
import type { Block } from '../arrow.ts';
import { encodeBase64 } from '../base64.ts';
import { encodeRecordBatch } from '../ipc/encode-record-batch.ts';
import type { Framing } from '../ipc/encapsulation.ts';
import { encodeSchema } from '../ipc/schema-message.ts';
import type { SerDeVersion } from '../messages.ts';
import type { Json } from './arrow-type.ts';

/** The producer's allocator: peers read and ignore it, but it must be there (section 2.2). */
const ALLOCATOR_ID = 'ergane';

/** Writes the Arrow members of one message of a version; a schema object is encoded once. */
export class BlockWriter {
  private readonly schemas = new Map<Schema, string>();
  private readonly framing: Framing;
  readonly version: SerDeVersion;

  constructor(version: SerDeVersion) {
    this.version = version;
    this.framing = version < 3 ? 'legacy' : 'modern';
  }

  schema(schema: Schema): string {
    const known = this.schemas.get(schema);
    if (known !== undefined) return known;
    const text = encodeBase64(encodeSchema(schema, this.framing));
    this.schemas.set(schema, text);
    return text;
  }

  block({ schema, batch }: Block): Json {
    return {
      aId: ALLOCATOR_ID,
      schema: this.schema(schema),
      records: batch.numRows === 0 ? '' : encodeBase64(encodeRecordBatch(batch, this.framing)),
    };
  }
}
