import { createReadStream } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ErganeError } from '@ergane/protocol';
import { defineConnector, makeBatchWriter } from '@ergane/sdk';
import type { CallContext, ReadBatch } from '@ergane/sdk';
import { DateDay, DateMillisecond, Field, Int32, Schema, Utf8 } from 'apache-arrow';

const SCHEMA = new Schema([
  new Field('day', new DateDay(), true),
  new Field('line', new Int32(), true),
  new Field('time', new DateMillisecond(), true),
  new Field('level', new Utf8(), true),
  new Field('message', new Utf8(), true),
]);
const TABLE = { schemaName: 'logs', tableName: 'lines' };
const LOG_FILE = /^(\d{4}-\d{2}-\d{2})\.log$/;
const LOG_LINE = /^(\d{4}-\d\d-\d\dT\S+) (\S+) (.*)$/;

/** Log files by date as one table: `<log_folder>/2024-02-29.log` with lines of `<time> <level> <message>`. */
export const connector = defineConnector({
  name: 'example',
  listSchemas: () => Promise.resolve(['logs']),
  listTables: () => Promise.resolve({ tables: [TABLE] }),
  describeTable: (_context, tableName) =>
    Promise.resolve(
      tableName.schemaName === TABLE.schemaName && tableName.tableName === TABLE.tableName
        ? { tableName, schema: SCHEMA, partitionColumns: ['day'] }
        : undefined,
    ),

  // One partition a day. The SDK leaves out those whose `day` the query does not want, so their files are never opened.
  async *layout(context) {
    for (const file of await listFiles(context)) {
      const [, day] = LOG_FILE.exec(file) ?? [];
      if (day !== undefined) yield { values: { day }, properties: { day } };
    }
  },

  // One split a partition is the default: `split` holds the partition's properties. After a continuation it also says where to go on.
  async *read(context, { tableName, schema, split }): AsyncGenerator<ReadBatch> {
    if (tableName.tableName !== TABLE.tableName)
      throw new ErganeError('TABLE_NOT_FOUND', `there is no ${tableName.tableName}`);
    const { day = '', skip = '0' } = split;
    const file = path.join(await context.settings.require('log_folder'), `${day}.log`);
    await access(file).catch((cause: unknown) => {
      throw new ErganeError('SOURCE_CHANGED', `the log file ${file} is gone: run the query again`, { cause });
    });
    const writer = makeBatchWriter(schema);
    const finish = (next: number): ReadBatch => {
      const batch = writer.finish();
      return { batch, resume: { day, skip: String(next) }, release: () => writer.recycle(batch) };
    };
    let line = 0;
    for await (const text of createInterface(createReadStream(file, { signal: context.signal }))) {
      if (++line <= Number(skip)) continue;
      const [, time, level, message = text] = LOG_LINE.exec(text) ?? [];
      const row = new Map<string, unknown>([
        ['day', new Date(day)],
        ['line', line],
        ['time', time === undefined || Number.isNaN(Date.parse(time)) ? null : new Date(time)],
        ['level', level],
        ['message', message],
      ]);
      writer.appendRow(schema.fields.map((field) => row.get(field.name)));
      if (writer.isFull) yield finish(line);
    }
    if (writer.rowCount > 0) yield finish(line);
  },
});

export default connector;

async function listFiles(context: CallContext): Promise<string[]> {
  const folder = await context.settings.require('log_folder');
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    throw new ErganeError('SOURCE_UNREACHABLE', `log_folder ${folder} cannot be read: is it there, and readable?`, {
      where: { setting: 'log_folder' },
      cause,
    });
  }
}
