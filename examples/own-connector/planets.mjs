// A whole connector: a table of planets. It could as well be a REST service or a file format of yours.
import { defineConnector, makeBatchWriter } from '@ergane/sdk';
import { Field, Float64, Int32, Schema, Utf8 } from 'apache-arrow';

const PLANETS = [
  ['Mercury', 2439.7, 0],
  ['Venus', 6051.8, 0],
  ['Earth', 6371.0, 1],
  ['Mars', 3389.5, 2],
  ['Jupiter', 69911, 97],
  ['Saturn', 58232, 274],
  ['Uranus', 25362, 28],
  ['Neptune', 24622, 16],
];
const KILOMETRES = { km: 1, mi: 1.609344 };

const schema = new Schema([
  new Field('name', new Utf8(), false),
  new Field('radius', new Float64(), false),
  new Field('moons', new Int32(), true),
]);
const planets = { schemaName: 'solar_system', tableName: 'planets' };

export default defineConnector({
  name: 'planets',
  listSchemas: async () => [planets.schemaName],
  listTables: async () => ({ tables: [planets] }),
  describeTable: async (_context, { schemaName, tableName }) =>
    schemaName === planets.schemaName && tableName === planets.tableName ? { tableName: planets, schema } : undefined,
  // the columns that the query needs; filters are the SDK's matter, until you push them to your source
  async *read(context, request) {
    const factor = KILOMETRES[(await context.settings.get('unit')) ?? 'km'];
    const writer = makeBatchWriter(request.schema);
    for (const [name, radius, moons] of PLANETS) {
      const row = { name, radius: radius / factor, moons };
      writer.appendRow(request.schema.fields.map((field) => row[field.name]));
    }
    yield { batch: writer.finish() };
  },
});
