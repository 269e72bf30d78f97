import { readFile } from 'node:fs/promises';
import { ErganeError } from '@ergane/protocol';
import { Redis } from 'ioredis';
import type { Place } from './config.ts';
import { toReply } from './reply.ts';
import type { Command, Reply } from './reply.ts';

/** One connection to one server. */
export interface Connection {
  /** All commands in one round trip; a command that Redis refuses is an Error among the replies. */
  pipeline(commands: readonly Command[]): Promise<readonly Reply[]>;
}

const CONNECT_MS = 10_000;

/** Opens a connection; ends with an error when it cannot, and is not opened again by itself. */
export async function connect(place: Place): Promise<{ readonly connection: Connection; readonly redis: Redis }> {
  const { host, port, user, password, database, tls } = place;
  const redis = new Redis({
    host,
    port,
    ...(user !== undefined && { username: user }),
    ...(password !== undefined && { password }),
    db: database,
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // INFO, which the check asks for, needs a permission that a reader has not
    enableReadyCheck: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    ...(tls && { tls: await readTls(place) }),
  });
  let failure: Error | undefined;
  redis.on('error', (error: Error) => (failure = error));
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    // "Connection is closed." says less than what closed it
    throw failure ?? error;
  }
  let running = 0;
  // an idle connection keeps no process alive
  redis.stream.unref();
  return {
    redis,
    connection: {
      async pipeline(commands) {
        const pipeline = redis.pipeline();
        for (const [name, ...args] of commands) pipeline.callBuffer(name, ...args);
        if (running++ === 0) redis.stream.ref();
        try {
          return ((await pipeline.exec()) ?? []).map(toReply);
        } finally {
          if (--running === 0) redis.stream.unref();
        }
      },
    },
  };
}

async function readTls({ certificates, host }: Place): Promise<{ readonly ca?: string; readonly servername?: string }> {
  if (certificates === undefined) return { servername: host };
  try {
    return { ca: await readFile(certificates, 'utf8'), servername: host };
  } catch (cause) {
    throw new ErganeError(
      'CONFIG_INVALID',
      `the setting default names the certificates ${certificates}, which cannot be read (${String(cause)})`,
      { where: { setting: 'default' }, cause },
    );
  }
}
