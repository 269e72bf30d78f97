import { ErganeError } from '@ergane/protocol';

/** What Redis answers to one command; an error is that of the command alone. */
export type Reply = Buffer | number | null | Error | readonly Reply[];

export type Word = string | Buffer;
/** The words of a command. */
export type Command = readonly [name: string, ...args: Word[]];

/** What ioredis gives for one command of a pipeline. @throws ErganeError SOURCE_FAILED */
export function toReply([error, value]: readonly [Error | null, unknown]): Reply {
  return error ?? checkReply(value);
}

function checkReply(value: unknown): Reply {
  if (value === null || typeof value === 'number' || Buffer.isBuffer(value)) return value;
  if (typeof value === 'string') return Buffer.from(value);
  if (Array.isArray(value)) return value.map(checkReply);
  throw new ErganeError('SOURCE_FAILED', `Redis answered a ${typeof value}, which no command here asks for`);
}

/** @throws the error that the reply is */
export function listOf(reply: Reply | undefined): readonly Reply[] {
  if (reply instanceof Error) throw reply;
  if (Array.isArray(reply)) return reply as readonly Reply[];
  return [];
}

/** @throws the error that the reply is */
export function bytesOf(reply: Reply | undefined): Buffer | null {
  if (reply instanceof Error) throw reply;
  return Buffer.isBuffer(reply) ? reply : null;
}

/** The buffers of a list; what is none is left out. */
export function buffersOf(reply: Reply | undefined): readonly Buffer[] {
  return listOf(reply).filter((item) => Buffer.isBuffer(item));
}

/** @throws the error that the reply is */
export function textOf(reply: Reply | undefined): string {
  return bytesOf(reply)?.toString('latin1') ?? (typeof reply === 'number' ? String(reply) : '');
}
