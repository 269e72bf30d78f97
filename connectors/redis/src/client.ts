import { ErganeError } from '@ergane/protocol';
import type { CallContext } from '@ergane/sdk';
import calculateSlot from 'cluster-key-slot';
import type { Redis } from 'ioredis';
import type { Place } from './config.ts';
import { connect } from './connection.ts';
import type { Connection } from './connection.ts';
import { isBusy, toErganeError } from './errors.ts';
import { bytesOf, listOf } from './reply.ts';
import type { Command, Reply } from './reply.ts';

/** A master and the slots that it has; a server without a cluster has all. */
export interface Node {
  readonly address: string;
  readonly slots: readonly SlotRange[];
}
/** both included */
export type SlotRange = readonly [from: number, to: number];

export const SLOTS = 16_384;

/** One Redis, or one cluster. Every call is one round trip to each server that it asks. Throws ErganeError. */
export interface Client {
  nodes(context: CallContext): Promise<readonly Node[]>;
  /** Runs commands at one master. */
  at(context: CallContext, address: string, commands: readonly Command[]): Promise<readonly Reply[]>;
  /** Runs commands where their key (their first argument) is. */
  byKey(context: CallContext, commands: readonly Command[]): Promise<readonly Reply[]>;
}

export function slotOf(key: Buffer): number {
  return calculateSlot(key);
}

/** Opens clients once for each place; connections are kept for the life of the function. */
export function makeClients(): (place: Place) => Client {
  const clients = new Map<string, Client>();
  return (place) => {
    const key = JSON.stringify(place);
    const client = clients.get(key) ?? makeClient(place);
    clients.set(key, client);
    return client;
  };
}

/** Errors that are a key's own: whoever asked for it knows what they mean. All others are the whole call's. */
const BY_KEY = /^(WRONGTYPE|MOVED|ASK)\b/;

function makeClient(place: Place): Client {
  const connections = new Map<string, Promise<{ readonly connection: Connection; readonly redis: Redis }>>();
  const open = async (address: string): Promise<Connection> => {
    const known = await connections.get(address)?.catch(() => undefined);
    if (known !== undefined && known.redis.status === 'ready') return known.connection;
    const opened = connect({ ...place, ...parseAddress(address) });
    connections.set(address, opened);
    return (await opened).connection;
  };
  const own = `${place.host}:${place.port}`;
  const run = async (
    context: CallContext,
    address: string,
    commands: readonly Command[],
  ): Promise<readonly Reply[]> => {
    try {
      const replies = await context.throttled(
        async () => withCancel(context, (await open(address)).pipeline(commands)),
        isBusy,
      );
      const failed = replies.find((reply) => reply instanceof Error && !BY_KEY.test(reply.message));
      if (failed instanceof Error && commands[0]?.[0] !== 'EVAL_RO') throw failed;
      return replies;
    } catch (error) {
      throw toErganeError(error, place, context.signal);
    }
  };
  let nodes: readonly Node[] | undefined;
  const findNodes = async (context: CallContext): Promise<readonly Node[]> => {
    if (!place.cluster) return [{ address: own, slots: [[0, SLOTS - 1]] }];
    const [reply] = await run(context, own, [['CLUSTER', 'SLOTS']]);
    if (reply instanceof Error) throw toErganeError(reply, place, context.signal);
    return (nodes = readNodes(reply, place));
  };
  const askByKey = async (context: CallContext, commands: readonly Command[]): Promise<readonly Reply[]> => {
    if (!place.cluster) return run(context, own, commands);
    const owners = ownersOf(nodes ?? (await findNodes(context)));
    const groups = new Map<string, number[]>();
    for (const [index, [, key = '']] of commands.entries()) {
      const address = owners[slotOf(Buffer.from(key))] ?? own;
      groups.set(address, [...(groups.get(address) ?? []), index]);
    }
    const replies: Reply[] = new Array<Reply>(commands.length).fill(null);
    await Promise.all(
      [...groups].map(async ([address, indexes]) => {
        const part = indexes.flatMap((index) => commands.slice(index, index + 1));
        const answers = await run(context, address, part);
        for (const [at, index] of indexes.entries()) replies[index] = answers[at] ?? null;
      }),
    );
    return replies;
  };
  return {
    nodes: findNodes,
    at: run,
    async byKey(context, commands) {
      const replies = [...(await askByKey(context, commands))];
      const moved = replies.flatMap((reply, index) => (isMoved(reply) ? [index] : []));
      if (moved.length === 0) return replies;
      // slots went to another master: asked once more, where they are now
      await findNodes(context);
      const again = await askByKey(
        context,
        moved.flatMap((index) => commands.slice(index, index + 1)),
      );
      for (const [at, index] of moved.entries()) replies[index] = again[at] ?? null;
      return replies;
    },
  };
}

function isMoved(reply: Reply): boolean {
  return reply instanceof Error && /^(MOVED|ASK)\b/.test(reply.message);
}

/** A cancelled call is left: Redis has no way to cancel a command, and each is short. */
async function withCancel<Answer>({ signal }: CallContext, call: Promise<Answer>): Promise<Answer> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const cancelled = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([call, cancelled]);
  } finally {
    signal.removeEventListener('abort', stop);
    call.catch(() => undefined);
  }
}

function parseAddress(address: string): { readonly host: string; readonly port: number } {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at), port: Number(address.slice(at + 1)) };
}

/** CLUSTER SLOTS: from, to, then the master's address. An empty host is the one that was asked. */
function readNodes(reply: Reply | undefined, place: Place): readonly Node[] {
  const slots = new Map<string, SlotRange[]>();
  for (const entry of listOf(reply)) {
    const [from, to, master] = listOf(entry);
    const [host, port] = listOf(master);
    if (typeof from !== 'number' || typeof to !== 'number' || typeof port !== 'number') continue;
    const name = bytesOf(host)?.toString() ?? '';
    const address = `${name === '' || name === '?' ? place.host : name}:${port}`;
    slots.set(address, [...(slots.get(address) ?? []), [from, to]]);
  }
  const found = [...slots].map(([address, ranges]) => ({ address, slots: ranges.sort(([a], [b]) => a - b) }));
  const covered = found.flatMap((node) => node.slots).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (covered === SLOTS) return found.sort((a, b) => (a.address < b.address ? -1 : 1));
  throw new ErganeError(
    'SOURCE_UNREACHABLE',
    `the Redis cluster of ${place.host}:${place.port} serves ${covered} of ${SLOTS} slots: it is not whole, so not every key can be read`,
  );
}

function ownersOf(nodes: readonly Node[]): readonly string[] {
  const owners = new Array<string>(SLOTS);
  for (const { address, slots } of nodes) for (const [from, to] of slots) owners.fill(address, from, to + 1);
  return owners;
}
