// Runs statements, a JSON list, on the engine of a folder and says when each is done:
// `writer.ts <folder> <statements> [--die-at <step>:<count>]`. It kills itself when it comes to that step for the count-th time.
import { parseArgs } from 'node:util';
import { openWriteEngine } from './open-fixture.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'die-at': { type: 'string' } } });
const [folder = '', statements = '[]'] = positionals;
const [step, count] = (values['die-at'] ?? '').split(':');
let left = Number(count ?? 0);
const engine = await openWriteEngine(folder, (reached) => {
  if (reached === step && --left === 0) process.kill(process.pid, 'SIGKILL');
});

async function run(sql: string): Promise<string> {
  try {
    await using result = await engine.run(sql);
    for await (const _batch of result.batches);
    return 'done';
  } catch (error) {
    return `failed ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`;
  }
}

console.log('ready');
const list: unknown = JSON.parse(statements);
for (const sql of Array.isArray(list) ? list : []) console.log(await run(String(sql)));
await engine[Symbol.asyncDispose]();
