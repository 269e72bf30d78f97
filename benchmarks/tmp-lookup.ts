import { makePostgresqlDefinition } from '../connectors/postgresql/src/definition.ts';
import { makeValues, NO_CONSTRAINTS } from '@ergane/protocol';
import { Int64 } from 'apache-arrow';
const url = process.argv[2]!;
const d = makePostgresqlDefinition();
const context: any = { catalogName: 'pg', queryId: 'q', identity: {}, settings: { get: async (n: string) => n === 'default' ? url : undefined, require: async () => url }, signal: new AbortController().signal, remainingTimeMs: () => 900000, throttled: (c: any) => c(), log() {} };
const tableName = { schemaName: 'tpch_sf1', tableName: 'orders' };
const t = await d.describeTable(context, tableName);
const times: number[][] = [];
for (let i = 0; i < 300; i++) {
  const constraints = { ...NO_CONSTRAINTS, summary: { o_orderkey: makeValues(new Int64(), [BigInt(i * 32 + 1)]) } };
  const request = { tableName, schema: t!.schema, partitionColumns: [], constraints };
  const t0 = performance.now();
  const parts: any[] = []; for await (const p of d.layout!(context, request)) parts.push(p);
  const t1 = performance.now();
  const splits: any[] = []; for await (const s of d.splits!(context, { ...request, partitions: parts })) splits.push(s);
  const t2 = performance.now();
  let rows = 0;
  for (const split of splits) for await (const b of d.read(context, { tableName, schema: t!.schema, split, constraints })) { rows += b.batch.numRows; }
  const t3 = performance.now();
  times.push([t1 - t0, t2 - t1, t3 - t2]);
  if (i === 0) console.log(splits, rows, times[0], await d.explain!(context, { tableName, schema: t!.schema, split: splits[0], constraints }));
}
for (const k of [0, 1, 2]) { const s = times.map((x) => x[k]!).sort((a, b) => a - b); console.log(['layout', 'splits', 'read'][k], 'median', s[150]!.toFixed(2), 'p95', s[285]!.toFixed(2)); }
process.exit(0);
