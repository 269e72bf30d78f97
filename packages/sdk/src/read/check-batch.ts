import { ErganeError } from '@ergane/protocol';
import type { RecordBatch, Schema } from 'apache-arrow';

/**
 * A batch must have the columns that were asked, in their order and types: the engine reads buffers by the schema.
 * @throws ErganeError FUNCTION_FAILED
 */
export function checkBatch(batch: RecordBatch, schema: Schema, table: string): void {
  const columns = batch.data.children;
  if (columns.length !== schema.fields.length)
    throw new ErganeError(
      'FUNCTION_FAILED',
      `the connector read ${columns.length} columns of ${table} where ${schema.fields.length} were asked: it must give those of the request's schema`,
    );
  for (const [index, field] of schema.fields.entries()) {
    const type = columns[index]?.type;
    const name = batch.schema.fields[index]?.name;
    if ((type === field.type || String(type) === String(field.type)) && name === field.name) continue;
    throw new ErganeError(
      'FUNCTION_FAILED',
      `the connector read column "${name}" of type ${String(type)} where "${field.name}" of type ${String(field.type)} of ${table} was asked`,
      { where: { column: field.name } },
    );
  }
}
