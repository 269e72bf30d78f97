// Runs one benchmark from its source: npm run bench benchmarks/<name>.ts [arguments]
import { spawn } from 'node:child_process';
import { root } from './setup.mjs';

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: npm run bench benchmarks/<name>.ts [arguments]');
  process.exit(2);
}
const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', file, ...rest], {
  cwd: root,
  stdio: 'inherit',
  // each query that runs holds one of libuv's threads, so eight at once need more than its four
  env: { UV_THREADPOOL_SIZE: '16', ...process.env },
});
child.on('exit', (code) => process.exit(code ?? 1));
