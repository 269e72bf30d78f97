// Makes the two tables of this example: orders in PostgreSQL, parts in DynamoDB.
import { createRequire } from 'node:module';

const fromConnector = (name) => createRequire(new URL(`../../connectors/${name}/package.json`, import.meta.url));

export const needs = ['ERGANE_TEST_POSTGRESQL', 'ERGANE_TEST_DYNAMODB'];

const ORDERS = [
  [1, 'bolt', 100],
  [2, 'bolt', 250],
  [3, 'gear', 3],
  [4, 'pump', 1],
  [5, 'gear', 7],
];
const PARTS = [
  ['bolt', 'small', '0.15'],
  ['gear', 'engine', '24.90'],
  ['pump', 'engine', '180.00'],
];

export async function setUp() {
  await Promise.all([makeOrders(), makeParts()]);
}

async function makeOrders() {
  const { default: pg } = await import(fromConnector('postgresql').resolve('pg'));
  const client = new pg.Client({ connectionString: process.env.ERGANE_TEST_POSTGRESQL });
  await client.connect();
  try {
    await client.query(`drop schema if exists ergane_example cascade; create schema ergane_example;
      create table ergane_example.orders (order_id integer primary key, part_id text, quantity integer)`);
    for (const row of ORDERS) await client.query('insert into ergane_example.orders values ($1, $2, $3)', row);
  } finally {
    await client.end();
  }
}

async function makeParts() {
  const sdk = await import(fromConnector('dynamodb').resolve('@aws-sdk/client-dynamodb'));
  const { origin } = new URL(process.env.ERGANE_TEST_DYNAMODB);
  const credentials = { accessKeyId: 'ergane', secretAccessKey: 'ergane' };
  const client = new sdk.DynamoDBClient({ endpoint: origin, region: 'eu-west-1', credentials });
  const TableName = 'ergane_example_parts';
  try {
    await client.send(new sdk.DeleteTableCommand({ TableName })).catch((error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
    });
    await client.send(
      new sdk.CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'part_id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'part_id', KeyType: 'HASH' }],
      }),
    );
    await sdk.waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
    for (const [part_id, category, price] of PARTS) {
      const Item = { part_id: { S: part_id }, category: { S: category }, price: { N: price } };
      await client.send(new sdk.PutItemCommand({ TableName, Item }));
    }
  } finally {
    client.destroy();
  }
}
