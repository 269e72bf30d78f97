import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SERVER_VARIABLES, type ServerName } from '@ergane/testing';

/**
 * The URL of a test server; one that is not running is started (and installed, the first time). PostgreSQL without TLS, for its client as
 * for Ergane: the references were measured so, and the MySQL clients use none by themselves.
 */
export function serverUrl(name: ServerName): URL {
  const variable = SERVER_VARIABLES[name];
  const url = new URL((process.env[variable] ??= startServer(name, variable)));
  if (name === 'postgresql') url.searchParams.set('sslmode', 'disable');
  return url;
}

function startServer(name: ServerName, variable: string): string {
  const script = fileURLToPath(new URL('../../scripts/servers.mjs', import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [script, 'start', name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 2],
  });
  const line = stdout.split('\n').find((each) => each.startsWith(`${variable}=`));
  if (status !== 0 || line === undefined) throw new Error(`node scripts/servers.mjs start ${name}: exit ${status}`);
  return line.slice(variable.length + 1);
}
