// Programs that live as long as this process and not a moment longer, however it ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

// A shell of its own session waits for the end of its input, which comes when this process ends or closes it, then stops the program.
// It also ends when the program does. (A shell gives /dev/null to what runs in the background, hence the copy of its input.)
const GUARD = `signal=$1; shift
exec 3<&0
"$@" 3<&- </dev/null & pid=$!
(cat <&3 >/dev/null; kill -$signal $pid; sleep 10; kill -KILL $pid) 2>/dev/null & guard=$!
wait $pid; code=$?
kill $guard 2>/dev/null
exit $code`;

/**
 * Starts a program, its output in `log`, and waits until `isReady` answers true.
 * Disposing sends it `signal` and waits for its end.
 */
export async function startChild({ name, command, args, log, signal = 'TERM', isReady, ...options }) {
  mkdirSync(path.dirname(log), { recursive: true });
  const output = openSync(log, 'w');
  const child = spawn('sh', ['-c', GUARD, 'guard', signal, command, ...args], {
    detached: true,
    stdio: ['pipe', output, output],
    ...options,
  });
  closeSync(output);
  child.stdin.on('error', () => child.stdin.destroy());
  const end = once(child, 'exit');
  const stop = async () => {
    child.stdin.end();
    await end;
  };
  for (
    const deadline = Date.now() + 60_000;
    !(await isReady());
    await new Promise((resolve) => setTimeout(resolve, 25))
  ) {
    if (child.exitCode === null && Date.now() < deadline) continue;
    await stop();
    throw new Error(`${name} did not start; the end of ${log}:\n${readFileSync(log, 'utf8').slice(-2000)}`);
  }
  return { stop };
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export const portAnswers = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('connect', () => socket.destroy(resolve(true)));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
  });
