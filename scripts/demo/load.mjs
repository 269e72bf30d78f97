// Puts the data set into its sources. Each function begins with empty ones.
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CLICKS, CLICK_DAYS, CUSTOMERS, FIRST_DAY, LAST_DAY, ORDERS, PARTS, SALT } from './data-set.mjs';
import { makeCustomer, makePart, random } from './data-set.mjs';

const require = createRequire(import.meta.url);
const fromConnector = (name) => createRequire(require.resolve(`../../connectors/${name}/package.json`));

/** Part numbers: the first ones are wanted most. */
const somePart = (i, salt) => `(1 + floor(${PARTS} * ${random(i, salt)} * ${random(i, SALT.other)}))`;

/** Orders, and customers when no MySQL has them. */
export async function loadPostgresql(url, { customers }) {
  const { default: pg } = await import(fromConnector('postgresql').resolve('pg'));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(`drop schema if exists shop cascade; create schema shop;
      create table shop.orders (
        order_id bigint primary key, customer_id integer not null, part_id text not null, quantity smallint not null,
        unit_price numeric(10,2) not null, status text not null, ordered_at timestamp(3) not null);
      insert into shop.orders
        select i, 1 + floor(${CUSTOMERS} * ${random('i', SALT.customer)}), 'P-' || lpad(part::text, 4, '0'),
          1 + floor(4 * ${random('i', SALT.amount)}), (500 + mod(part * 7919, 19500)) / 100.0,
          (array['paid','shipped','shipped','shipped','delivered','delivered','returned','cancelled'])[1 + floor(8 * ${random('i', SALT.action)})::int],
          timestamp '${FIRST_DAY}' + interval '1 ms' * floor(5270400000.0 * i / ${ORDERS + 1})
        from (select i, ${somePart('i', SALT.part)}::int as part from generate_series(1, ${ORDERS}::bigint) as i) as numbered;
      create index on shop.orders (part_id); create index on shop.orders (ordered_at); analyze shop.orders;`);
    if (customers) {
      await client.query(`create table shop.customers (
        customer_id integer primary key, name text not null, email text not null, country char(2) not null, since date not null)`);
      const rows = Array.from({ length: CUSTOMERS }, (_, index) => makeCustomer(index + 1));
      await client.query('insert into shop.customers select * from json_populate_recordset(null::shop.customers, $1)', [
        JSON.stringify(rows),
      ]);
      await client.query('analyze shop.customers');
    }
  } finally {
    await client.end();
  }
}

/** Customers in MySQL or MariaDB. */
export async function loadMysql(url) {
  const { default: mysql } = await import(fromConnector('mysql').resolve('mysql2/promise'));
  const connection = await mysql.createConnection(url);
  try {
    await connection.query('drop database if exists shop');
    await connection.query('create database shop character set utf8mb4');
    await connection.query(`create table shop.customers (
      customer_id int primary key, name varchar(100) not null, email varchar(100) not null, country char(2) not null, since date not null)`);
    for (let from = 0; from < CUSTOMERS; from += 5_000) {
      const rows = Array.from({ length: 5_000 }, (_, index) => Object.values(makeCustomer(from + index + 1)));
      await connection.query('insert into shop.customers values ?', [rows]);
    }
  } finally {
    await connection.end();
  }
}

/** Parts, with an index by category. */
export async function loadDynamodb(endpoint, credentials) {
  const sdk = await import(fromConnector('dynamodb').resolve('@aws-sdk/client-dynamodb'));
  const client = new sdk.DynamoDBClient({ endpoint, region: 'eu-west-1', credentials });
  const TableName = 'parts';
  try {
    await client.send(new sdk.DeleteTableCommand({ TableName })).catch((error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
    });
    await sdk.waitUntilTableNotExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
    const key = (AttributeName, KeyType = 'HASH') => ({ AttributeName, KeyType });
    await client.send(
      new sdk.CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: ['part_id', 'category'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [key('part_id')],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by_category',
            KeySchema: [key('category'), key('part_id', 'RANGE')],
            Projection: { ProjectionType: 'ALL' },
          },
        ],
      }),
    );
    await sdk.waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 1 }, { TableName });
    const items = Array.from({ length: PARTS }, (_, index) => ({
      PutRequest: { Item: makeItem(makePart(index + 1)) },
    }));
    const pages = Array.from({ length: Math.ceil(items.length / 25) }, (_, page) =>
      items.slice(25 * page, 25 * (page + 1)),
    );
    await Promise.all(
      [0, 1, 2, 3].map((lane) =>
        writePages(
          client,
          sdk,
          pages.filter((_, page) => page % 4 === lane),
        ),
      ),
    );
  } finally {
    client.destroy();
  }

  async function writePages(client, sdk, pages) {
    for (const page of pages)
      for (let waiting = page; waiting.length > 0;) {
        const answer = await client.send(new sdk.BatchWriteItemCommand({ RequestItems: { [TableName]: waiting } }));
        waiting = answer.UnprocessedItems?.[TableName] ?? [];
      }
  }
}

const makeItem = ({ part_id, category, name, price, stock, maker, tags }) => ({
  part_id: { S: part_id },
  category: { S: category },
  name: { S: name },
  price: { N: price },
  stock: { N: String(stock) },
  maker: { M: { name: { S: maker.name }, country: { S: maker.country } } },
  tags: { SS: tags },
});

/** The click stream: a folder a day, as jobs that write to S3 leave it. `bucket` is the folder of the bucket. */
export async function loadClicks(bucket) {
  const target = path.join(bucket, 'clicks');
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { DuckDBInstance } = await import(
    createRequire(require.resolve('../../packages/engine/package.json')).resolve('@duckdb/node-api')
  );
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const pick = (names, salt) =>
    `list_extract(['${names.join("','")}'], 1 + floor(${names.length} * ${random('i', salt)})::int)`;
  try {
    await connection.run(`copy (
      select clicked_at, 'S-' || (i // 6) as session_id,
        if(mod(i // 6, 3) = 0, null, (1 + floor(${CUSTOMERS} * ${random('(i // 6)', SALT.customer)}))::int) as customer_id,
        'P-' || lpad(part::varchar, 4, '0') as part_id,
        ${pick(['view', 'view', 'view', 'view', 'view', 'view', 'cart', 'cart', 'checkout'], SALT.action)} as action,
        ${pick(['phone', 'phone', 'desktop', 'tablet'], SALT.day)} as device,
        ${pick(['search', 'search', 'direct', 'newsletter', 'social'], SALT.amount)} as referrer,
        strftime(clicked_at, '%Y-%m-%d') as day
      from (
        select i, ${somePart('i', SALT.part)}::int as part,
          timestamp '${LAST_DAY}' - interval ${CLICK_DAYS - 1} day + to_milliseconds((${86_400_000 * CLICK_DAYS}.0 * i / ${CLICKS})::bigint) as clicked_at
        from range(${CLICKS}) as numbers(i))
      ) to '${target.replaceAll("'", "''")}' (format parquet, compression zstd, partition_by (day))`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
