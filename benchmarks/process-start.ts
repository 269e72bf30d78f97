// Whole processes: `ergane query "select 1"`, and the cold start of each connector's function to its first answer.
// usage: npm run bench benchmarks/process-start.ts   (after npm run build)
import { startFunctionHost } from '@ergane/functions';
import { encodeRequest, LATEST_SERDE_VERSION } from '@ergane/protocol';
import { bundleConnectorForTests } from '@ergane/testing';
import { fileURLToPath } from 'node:url';
import { compare, printFigures, printTarget, runShell, summarise, timeMs } from './support/measure.ts';

const cli = fileURLToPath(new URL('../packages/cli/dist/ergane.mjs', import.meta.url));
const figures = await compare(
  {
    ergane: () => runShell(`"${process.execPath}" "${cli}" query "select 1" > /dev/null`),
    node: () => runShell(`"${process.execPath}" -e 0`),
  },
  10,
);
for (const [name, each] of Object.entries(figures))
  printFigures(name === 'node' ? 'node -e 0' : 'ergane query "select 1"', each);
printTarget('ergane query "select 1", median ms', figures['ergane']?.median ?? Number.NaN, { atMost: 600 });

const payload = encodeRequest(
  {
    type: 'PingRequest',
    identity: { account: '', arn: '', tags: {}, groups: [], configOptions: {} },
    catalogName: 'c',
    queryId: 'q',
  },
  LATEST_SERDE_VERSION,
);
for (const connector of ['postgresql', 'mysql', 'dynamodb', 'example']) {
  const bundle = await bundleConnectorForTests(connector);
  await using host = await startFunctionHost({ functions: [] });
  const times: number[] = [];
  for (let round = 0; round < 10; round++) {
    host.addFunction({ name: 'cold', command: [process.execPath, bundle] });
    times.push(await timeMs(() => host.invoke({ functionName: 'cold', payload })));
    await host.removeFunction('cold');
  }
  printFigures(`cold start of ${connector} to its first answer`, summarise(times));
  printTarget(`cold start of ${connector}, median ms`, summarise(times).median, { atMost: 150 });
}
