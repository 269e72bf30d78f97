// Parallel scan of 50,000 items by the DynamoDB connector (in-process, through the wire and encrypted spill) against the bare client's
// parallel scan with the same segments, in one run; then look-ups by key; then the cold start of the bundled function.
// usage: npm run bench benchmarks/dynamodb-scan.ts [items = 50000] [segments = 4] [rounds = 5]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import connector from '@ergane/connector-dynamodb';
import { startFunctionHost } from '@ergane/functions';
import { decodeResponse, encodeRequest, makeValues } from '@ergane/protocol';
import { inProcessInvoker } from '@ergane/sdk/in-process';
import { makeFunctionClient } from '@ergane/sdk/testing';
import { openStore } from '@ergane/storage';
import { bundleConnectorForTests } from '@ergane/testing';
import { Utf8 } from 'apache-arrow';
import { printTarget } from './support/measure.ts';
import { serverUrl } from './support/server-url.ts';

const [items = 50_000, segments = 4, rounds = 5] = process.argv.slice(2).map(Number);
const url = serverUrl('dynamodb');
const table = `ergane-bench-${items}`;
const environment = {
  AWS_ENDPOINT_URL_DYNAMODB: url.origin,
  AWS_ACCESS_KEY_ID: url.username,
  AWS_SECRET_ACCESS_KEY: url.password,
  ergane_scan_segments: String(segments),
};
const bare = new DynamoDBClient({
  endpoint: url.origin,
  region: 'us-east-1',
  credentials: { accessKeyId: url.username, secretAccessKey: url.password },
});

function makeItem(n: number): Record<string, AttributeValue> {
  return {
    id: { S: `part-${n}` },
    category: { S: ['engine', 'wheel', 'seat', 'light'][n % 4] ?? '' },
    name: { S: `Part number ${n} of the large catalogue` },
    description: {
      S: `The quick brown fox ${n} jumps over the lazy dog and reads what it says about itself. `.repeat(2),
    },
    price: { N: (n / 100).toFixed(2) },
    stock: { N: String(n % 1000) },
    active: { BOOL: n % 3 === 0 },
    tags: { L: [{ S: 'new' }, { S: `tag${n % 50}` }] },
    size: { M: { width: { N: String(n % 100) }, height: { N: String(n % 70) } } },
    added: { S: new Date(1.7e12 + n * 60_000).toISOString() },
  };
}

async function fillTable(): Promise<void> {
  try {
    const found = await bare.send(new DescribeTableCommand({ TableName: table }));
    if (found.Table?.ItemCount === items) return;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    await bare.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      }),
    );
  }
  const batches = Array.from({ length: Math.ceil(items / 25) }, (_, batch) => batch * 25);
  const write = async (): Promise<void> => {
    for (let from = batches.pop(); from !== undefined; from = batches.pop()) {
      const numbers = Array.from({ length: Math.min(25, items - from) }, (_, n) => (from ?? 0) + n);
      const requests = numbers.map((n) => ({ PutRequest: { Item: makeItem(n) } }));
      await bare.send(new BatchWriteItemCommand({ RequestItems: { [table]: requests } }));
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
}

async function scanBare(): Promise<number> {
  const counts = await Promise.all(
    Array.from({ length: segments }, async (_, Segment) => {
      let count = 0;
      let key: Record<string, AttributeValue> | undefined;
      do {
        const page = await bare.send(
          new ScanCommand({ TableName: table, Segment, TotalSegments: segments, ExclusiveStartKey: key }),
        );
        count += page.Items?.length ?? 0;
        key = page.LastEvaluatedKey;
      } while (key !== undefined);
      return count;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
const figures = (values: readonly number[]): string =>
  `min ${Math.min(...values).toFixed(1)} median ${median(values).toFixed(1)} ms`;

async function time(work: () => Promise<unknown>): Promise<{ readonly wall: number; readonly cpu: number }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const used = process.cpuUsage(cpu);
  return { wall: performance.now() - start, cpu: (used.user + used.system) / 1000 };
}

const folder = await mkdtemp(path.join(tmpdir(), 'ergane-bench-'));
const spill = { ...environment, ergane_spill_store: folder };
const client = makeFunctionClient({
  invoker: inProcessInvoker({ parts: { connector, environment: spill } }),
  functionName: 'parts',
  store: openStore(folder),
  bucket: 'spill',
  announce: ['continuation', 'blockNonces', 'readStatistics'],
});

async function scanConnector(described: Awaited<ReturnType<typeof client.getTable>>): Promise<number> {
  const splits = await client.splits(described);
  const answers = await Promise.all(splits.map((split) => client.readSplit(described, split)));
  return answers.flatMap((answer) => answer.batches).reduce((sum, batch) => sum + batch.numRows, 0);
}

async function compareScans(): Promise<void> {
  const described = await client.getTable({ schemaName: 'default', tableName: table });
  const times = { bare: [] as number[], connector: [] as number[] };
  const cpus = { bare: [] as number[], connector: [] as number[] };
  for (let round = 0; round <= rounds; round++)
    for (const [name, scan] of [
      ['bare', scanBare],
      ['connector', () => scanConnector(described)],
    ] as const) {
      const used = await time(async () => {
        const count = await scan();
        if (count !== items) throw new Error(`${name}: ${count} items`);
      });
      if (round === 0) continue;
      times[name].push(used.wall);
      cpus[name].push(used.cpu);
    }
  console.log(
    `scan of ${items} items in ${segments} segments: bare client ${figures(times.bare)}, CPU ${figures(cpus.bare)}`,
  );
  console.log(`connector ${figures(times.connector)}, CPU ${figures(cpus.connector)}`);
  printTarget('DynamoDB scan against the bare client, speed of medians', median(times.bare) / median(times.connector), {
    atLeast: 0.9,
  });
  printTarget(
    'DynamoDB scan against the bare client, speed of minima',
    Math.min(...times.bare) / Math.min(...times.connector),
    {
      atLeast: 0.9,
    },
  );
}

async function compareLookups(): Promise<void> {
  const described = await client.getTable({ schemaName: 'default', tableName: table });
  const lookups: number[] = [];
  const gets: number[] = [];
  for (let n = 0; n < 200; n++) {
    const id = `part-${(n * 7919) % items}`;
    gets.push((await time(() => bare.send(new GetItemCommand({ TableName: table, Key: { id: { S: id } } })))).wall);
    const constraints = { summary: { id: makeValues(new Utf8(), [id]) } };
    lookups.push((await time(() => client.readTable(described, { constraints }))).wall);
  }
  console.log(
    `look-up by key: bare GetItem ${figures(gets.slice(50))}; layout, splits and read ${figures(lookups.slice(50))}`,
  );
}

async function measureColdStart(): Promise<void> {
  const bundle = await bundleConnectorForTests('dynamodb');
  await using host = await startFunctionHost({ functions: [] });
  const payload = encodeRequest(
    {
      type: 'ListSchemasRequest',
      identity: { account: '', arn: '', tags: {}, groups: [], configOptions: {} },
      queryId: 'q',
      catalogName: 'parts',
    },
    6,
  );
  const colds: number[] = [];
  for (let round = 0; round < 2 * rounds; round++) {
    host.addFunction({ name: 'cold', command: [process.execPath, bundle], environment: spill });
    const used = await time(async () => {
      const result = await host.invoke({ functionName: 'cold', payload });
      decodeResponse(result.payload);
    });
    colds.push(used.wall);
    await host.removeFunction('cold');
  }
  console.log(`cold start of the bundled function to its first answer from DynamoDB (ListSchemas): ${figures(colds)}`);
}

try {
  await fillTable();
  await compareScans();
  await compareLookups();
  await measureColdStart();
} finally {
  bare.destroy();
  await rm(folder, { recursive: true });
}
