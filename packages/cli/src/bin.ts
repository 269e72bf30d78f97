#!/usr/bin/env node
import module from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { Io } from './io.ts';

// the AWS SDK warns of the Node.js versions that it will leave, on an output that is the user's
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
// Node.js 22 keeps compiled code between runs; older ones have no such function
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') module.enableCompileCache();
// blocks of Arrow data come and go by the megabyte, and V8 would begin to mark its small heap anew with each of them
setFlagsFromString('--no-incremental-marking');
const [{ EXIT_CODES }, { main }] = await Promise.all([import('./exit-codes.ts'), import('./main.ts')]);

/** Why the process is asked to stop, and what it then answers. */
const REASONS = {
  interrupted: EXIT_CODES.cancelled,
  terminated: EXIT_CODES.terminated,
  outputClosed: EXIT_CODES.outputClosed,
} as const;

const controller = new AbortController();
let reason: keyof typeof REASONS | undefined;

/** The first time: cancels, so that everything that was started ends in order. The second time: ends at once. */
function stop(why: keyof typeof REASONS): void {
  if (reason !== undefined && why !== 'outputClosed') process.exit(REASONS[why]);
  reason ??= why;
  controller.abort(why);
}

process.on('SIGINT', () => stop('interrupted'));
process.on('SIGTERM', () => stop('terminated'));
process.on('SIGHUP', () => stop('terminated'));
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stop('outputClosed');
  });
}

const io: Io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  folder: process.cwd(),
  signal: controller.signal,
};
const code = await main(process.argv.slice(2), io);
await flush(process.stdout);
await flush(process.stderr);
process.exit(reason === undefined ? code : REASONS[reason]);

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writableLength === 0 || stream.destroyed || reason === 'outputClosed') resolve();
    else stream.write('', () => resolve());
  });
}
