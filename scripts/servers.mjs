#!/usr/bin/env node
// The real servers that tests and benchmarks run against.
//   node scripts/servers.mjs start [name ...]   installs what is missing, starts what does not run, prints NAME=URL lines
//   node scripts/servers.mjs stop [name ...]
//   node scripts/servers.mjs status
//   node scripts/servers.mjs env            prints `export ERGANE_TEST_…=…` lines of those that run, for a shell
// One file a server in scripts/servers/: { name, variable, install(), start() -> { pid, port, url, pids?, certificate? } }.
import { readdirSync } from 'node:fs';
import { isAlive, portAnswers, readState, removeState, say, writeState } from './servers/base.mjs';

async function loadServers() {
  const files = readdirSync(new URL('./servers/', import.meta.url)).filter(
    (file) => file.endsWith('.mjs') && file !== 'base.mjs',
  );
  const modules = await Promise.all(files.sort().map((file) => import(new URL(`./servers/${file}`, import.meta.url))));
  return new Map(modules.map(({ server }) => [server.name, server]));
}

async function findRunning(name) {
  const state = readState(name);
  return state && isAlive(state.pid) && (await portAnswers(state.port)) ? state : undefined;
}

/** Starts the named servers (default: all) and answers their variables, such as { ERGANE_TEST_POSTGRESQL: 'postgres://…' }. */
export async function startServers(names) {
  const servers = await loadServers();
  const variables = {};
  for (const name of names?.length ? names : servers.keys()) {
    const server = servers.get(name);
    if (!server) throw new Error(`no server "${name}"; there are ${[...servers.keys()].join(', ')}`);
    let state = await findRunning(name);
    if (!state) {
      const from = Date.now();
      await server.install();
      state = await server.start();
      writeState(name, state);
      say(`${name} started on port ${state.port} in ${((Date.now() - from) / 1000).toFixed(1)} s`);
    }
    variables[server.variable] = state.url;
    if (state.certificate) variables[`${server.variable}_CA`] = state.certificate;
  }
  return variables;
}

export async function stopServers(names) {
  const servers = await loadServers();
  for (const name of names?.length ? names : servers.keys()) {
    const state = readState(name);
    const pids = state ? [state.pid, ...(state.pids ?? [])] : [];
    for (const pid of pids.filter(isAlive)) process.kill(pid, servers.get(name)?.stopSignal ?? 'SIGTERM');
    removeState(name);
  }
}

if (process.argv[1] && import.meta.url.endsWith('/scripts/servers.mjs') && process.argv[1].endsWith('servers.mjs')) {
  const [command = 'start', ...names] = process.argv.slice(2);
  if (command === 'start')
    for (const [name, value] of Object.entries(await startServers(names))) console.log(`${name}=${value}`);
  else if (command === 'stop') await stopServers(names);
  else if (command === 'status')
    for (const name of (await loadServers()).keys()) console.log(name, (await findRunning(name))?.url ?? 'stopped');
  else if (command === 'env') {
    for (const server of (await loadServers()).values()) {
      const state = await findRunning(server.name);
      if (state) console.log(`export ${server.variable}='${state.url}'`);
      if (state?.certificate) console.log(`export ${server.variable}_CA='${state.certificate}'`);
    }
  } else {
    say('usage: servers.mjs start|stop|status|env [name ...]');
    process.exit(2);
  }
}
