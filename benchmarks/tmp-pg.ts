import { makePostgresqlDefinition } from '/work/wt/postgresql/connectors/postgresql/src/definition.ts';
import { NO_CONSTRAINTS } from '@ergane/protocol';
const url = process.argv[2]!;
const d = makePostgresqlDefinition();
const context: any = { catalogName: 'pg', queryId: 'q', identity: {}, settings: { get: async (n: string) => n === 'default' ? url : undefined, require: async () => url }, signal: new AbortController().signal, remainingTimeMs: () => 900000, throttled: (c: any) => c(), log() {} };
const tableName = { schemaName: 'tpch_sf1', tableName: 'lineitem' };
const t = await d.describeTable(context, tableName);
console.log(t!.statistics);
const parts: any[] = []; for await (const p of d.layout!(context, { tableName, schema: t!.schema, partitionColumns: [], constraints: NO_CONSTRAINTS })) parts.push(p);
const splits: any[] = []; for await (const s of d.splits!(context, { tableName, schema: t!.schema, partitionColumns: [], constraints: NO_CONSTRAINTS, partitions: parts })) splits.push(s);
console.log(splits.length, splits[0]);
const mine = splits.filter((_, i) => process.argv[3] === undefined || i % 2 === Number(process.argv[3]));
const c0 = process.cpuUsage(), t0 = performance.now();
let rows = 0, batches = 0, resumes = 0;
for (const split of mine) for await (const b of d.read(context, { tableName, schema: t!.schema, split, constraints: NO_CONSTRAINTS })) { rows += b.batch.numRows; batches++; if (b.resume) resumes++; (b as any).release?.(); }
const c = process.cpuUsage(c0), s = (performance.now() - t0) / 1e3;
console.log({ rows, batches, resumes, s: s.toFixed(2), krows: Math.round(rows / s / 1e3), user: c.user / 1e6, system: c.system / 1e6, rss: process.memoryUsage.rss() >> 20 });
