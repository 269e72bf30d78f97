// A function of tables in memory that misbehaves when a table of that name is read. Served through the SDK, but for what the SDK would not
// let it do: then it answers the host itself.
import { columnOfValues, encodeResponse, makeBatch } from '@ergane/protocol';
import { defineConnector } from '@ergane/sdk';
import { serveRuntime } from '@ergane/sdk/runtime';
import { Field, Int32, Schema, Utf8 } from 'apache-arrow';

const schema = new Schema([new Field('id', new Int32(), true), new Field('name', new Utf8(), true)]);
const wide = new Schema(Array.from({ length: 10_000 }, (_, index) => new Field(`column ${index}`, new Int32(), true)));
const hoard = [];

const VALUES = { id: 1, name: 'one' };
const makeRow = (schema, cells) =>
  makeBatch(
    schema,
    1,
    schema.fields.map(({ type }, index) => columnOfValues(type, [cells[index]])),
  );

const forever = () => new Promise(() => setInterval(() => undefined, 1000));
const READS = {
  good: () => undefined,
  wide: () => undefined,
  crash: () => process.exit(7),
  hang: forever,
  spin: () => {
    for (;;);
  },
  memory: async () => {
    for (;;) {
      hoard.push(Buffer.alloc(20_000_000, 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
  },
  fails: () => {
    throw new Error('the disk of the source is on fire');
  },
  // what the answer to the host is instead
  garbage: () => '<html>502 Bad Gateway</html>',
  nothing: () => '',
  truncated: () => '{"@type":"ReadRecordsResponse","catalogName":"f","records":{"aId":"x","sch',
  other: () =>
    '{"@type":"PingResponse","catalogName":"f","queryId":"q","sourceType":"x","capabilities":1,"serDeVersion":5}',
  schema: () => {
    const wrong = new Schema([new Field('id', new Utf8(), true), new Field('name', new Utf8(), true)]);
    const records = { schema: wrong, batch: makeRow(wrong, ['one', 'two']) };
    return encodeResponse({ type: 'ReadRecordsResponse', catalogName: 'f', records }, 5);
  },
  large: () => Buffer.alloc(7_000_000, 0x20),
};

const connector = defineConnector({
  name: 'faulty',
  listSchemas: async () => ['s'],
  listTables: async () => ({ tables: Object.keys(READS).map((tableName) => ({ schemaName: 's', tableName })) }),
  describeTable: async (_context, tableName) =>
    Object.hasOwn(READS, tableName.tableName)
      ? { tableName, schema: tableName.tableName === 'wide' ? wide : schema }
      : undefined,
  async *read(_context, request) {
    const { tableName } = request.tableName;
    await READS[tableName]();
    const cells = request.schema.fields.map(({ name }) => VALUES[name] ?? Number(name.slice('column '.length)));
    yield { batch: makeRow(request.schema, cells) };
  },
});

const OWN_ANSWERS = ['garbage', 'nothing', 'truncated', 'other', 'schema', 'large'];
await serveRuntime({
  ...connector,
  async handle(payload, invocation) {
    const event = JSON.parse(Buffer.from(payload).toString());
    const table = event['@type'] === 'ReadRecordsRequest' ? event.tableName.tableName : '';
    if (OWN_ANSWERS.includes(table)) return Buffer.from(READS[table]());
    // the faults are of ReadRecords: layouts must not bring the rows along
    delete event.identity.configOptions?.['ergane.readAhead'];
    return connector.handle(Buffer.from(JSON.stringify(event)), invocation);
  },
});
