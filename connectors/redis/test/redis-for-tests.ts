import { after } from 'node:test';
import type { TestContext } from 'node:test';
import { Redis } from 'ioredis';
import { requireServer } from '@ergane/testing';

/** A Redis whose keys begin with a name of this test's own. */
export interface TestRedis {
  readonly url: URL;
  readonly redis: Redis;
  readonly environment: Readonly<Record<string, string>>;
  readonly clusterUrl: string;
  readonly tlsPort: string;
}

let number = 0;
let shared: Redis | undefined;
after(() => shared?.disconnect());

/** What keys of one test begin with: others use the same server. */
export function ownPrefix(): string {
  return `t${process.pid}x${++number}`;
}

export function openTestRedis(t: Pick<TestContext, 'skip'>): TestRedis | undefined {
  const url = requireServer(t, 'redis');
  if (url === undefined) return undefined;
  const redis = (shared ??= new Redis({ host: url.hostname, port: Number(url.port), password: url.password }));
  return {
    url,
    redis,
    environment: { default: `redis://:${url.password}@${url.host}` },
    clusterUrl: `redis+cluster://127.0.0.1:${url.searchParams.get('cluster') ?? ''}`,
    tlsPort: url.searchParams.get('tls') ?? '',
  };
}

/** The setting `ergane_table_definitions` of some tables. */
export function define(tables: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return { ergane_table_definitions: JSON.stringify({ tables }) };
}
