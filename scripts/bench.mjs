// Runs one benchmark from its source: npm run bench benchmarks/<name>.ts [arguments]
// or those with targets, one after the other, and prints the table of docs/performance.md: npm run bench all
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './setup.mjs';

const ALL = [
  ['lineitem-scan.ts', 'postgresql'],
  ['lineitem-scan.ts', 'mariadb'],
  ['dynamodb-scan.ts'],
  ['key-lookup.ts'],
  ['process-start.ts'],
  ['tpch.ts'],
  ['tpch-spread.ts'],
  ['create-table-as.ts'],
  ['growth.ts', 'postgresql'],
  ['growth.ts', 'mariadb'],
  ['concurrent-queries.ts'],
];

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: npm run bench benchmarks/<name>.ts [arguments], or npm run bench all');
  process.exit(2);
}
process.exitCode = file === 'all' ? await runAll() : (await run(file, rest)).code;

async function runAll() {
  const rows = [];
  let failed = 0;
  for (const [name, ...args] of ALL) {
    const { code, lines } = await run(`benchmarks/${name}`, args);
    if (code !== 0) failed++;
    for (const line of lines) {
      const [, met, what, value, target] = /^(reached|MISSED) +(.*): (\S+) \(must be (.*)\)$/.exec(line) ?? [];
      if (met) rows.push(`| \`${[name, ...args].join(' ')}\` | ${what} | ${target} | ${value} | ${met} |`);
    }
    if (code !== 0) rows.push(`| \`${[name, ...args].join(' ')}\` | ended with ${code} | | | |`);
  }
  console.log('\n| benchmark | what | must be | measured | |\n| --- | --- | --- | --- | --- |');
  console.log(rows.join('\n'));
  return failed === 0 ? 0 : 1;
}

/** Its output is shown as it comes. */
async function run(program, args) {
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', program, ...args], {
    cwd: root,
    stdio: ['inherit', 'pipe', 'inherit'],
    // each query that runs holds one of libuv's threads, so eight at once need more than its four
    env: { UV_THREADPOOL_SIZE: '16', ...process.env },
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece) => {
    process.stdout.write(piece);
    text += piece;
  });
  const [code] = await once(child, 'close');
  return { code: code ?? 1, lines: text.split('\n') };
}
