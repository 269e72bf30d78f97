// What the function host costs: warm invocations of a trivial function against bare HTTP round trips to a child process, in the same
// run, small and 6 MB; and the cold start of a bundled trivial function. usage: node --conditions=source --import tsx benchmarks/function-invoke.ts
import { startFunctionHost, PAYLOAD_LIMIT } from '@ergane/functions';
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROUNDS = 5;
const SMALL = Buffer.from('{"@type":"PingRequest","identity":{}}');
const LARGE = Buffer.from(`"${'x'.repeat(PAYLOAD_LIMIT - 2)}"`);

const ECHO_SERVER = `
require('node:http').createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => response.end(Buffer.concat(chunks)));
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

/** Median and minimum of the milliseconds that single calls take. */
async function time(count: number, call: () => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

async function compare(
  name: string,
  count: number,
  calls: { readonly bare: () => Promise<unknown>; readonly host: () => Promise<unknown> },
) {
  await time(count, calls.bare);
  await time(count, calls.host);
  const bare: number[] = [];
  const host: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(median(await time(count, calls.bare)));
    host.push(median(await time(count, calls.host)));
  }
  const figures = (values: readonly number[]) =>
    `min ${Math.min(...values).toFixed(3)} median ${median(values).toFixed(3)} ms`;
  const ratio = median(host) / median(bare);
  console.log(`${name}: bare HTTP ${figures(bare)}; host ${figures(host)}; ratio of medians ${ratio.toFixed(2)}`);
}

function post(port: number, agent: http.Agent, payload: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Length': payload.length };
    const request = http.request({ host: '127.0.0.1', port, agent, method: 'POST', headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    request.on('error', reject);
    request.end(payload);
  });
}

const folder = await mkdtemp(path.join(tmpdir(), 'ergane-bench-'));
const bundle = path.join(folder, 'function.mjs');
await build({
  entryPoints: [fileURLToPath(new URL('../packages/functions/test/fixtures/function.mjs', import.meta.url))],
  bundle: true,
  platform: 'node',
  format: 'esm',
  minify: true,
  outfile: bundle,
});
const echo = spawn(process.execPath, ['-e', ECHO_SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
const port = Number((await once(createInterface(echo.stdout), 'line'))[0]);
const agent = new http.Agent({ keepAlive: true });
const raw = { command: [process.execPath, bundle], handler: 'raw' } as const;
try {
  await using host = await startFunctionHost({ functions: [{ name: 'raw', ...raw }] });
  const invoke = (payload: Buffer) => host.invoke({ functionName: 'raw', payload });
  await compare('small payload', 1000, { bare: () => post(port, agent, SMALL), host: () => invoke(SMALL) });
  await compare('6 MB payload, both ways', 20, { bare: () => post(port, agent, LARGE), host: () => invoke(LARGE) });
  console.log(`peak memory of the function: ${host.stats()[0]?.peakMemoryMb} MB`);
  const colds: number[] = [];
  const bares: number[] = [];
  for (let round = 0; round < 2 * ROUNDS; round++) {
    host.addFunction({ name: 'cold', ...raw });
    colds.push(...(await time(1, () => host.invoke({ functionName: 'cold', payload: SMALL }))));
    await host.removeFunction('cold');
    bares.push(...(await time(1, () => once(spawn(process.execPath, ['-e', '0']), 'exit'))));
  }
  console.log(
    `cold start to the first answer: min ${Math.min(...colds).toFixed(1)} median ${median(colds).toFixed(1)} ms`,
  );
  console.log(`(node -e 0, whole process: min ${Math.min(...bares).toFixed(1)} median ${median(bares).toFixed(1)} ms)`);
} finally {
  echo.kill();
  agent.destroy();
  await rm(folder, { recursive: true });
}
