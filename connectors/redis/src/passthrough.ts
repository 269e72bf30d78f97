import { ErganeError } from '@ergane/protocol';
import type { CallContext, ReadBatch } from '@ergane/sdk';
import { makeBatchWriter } from '@ergane/sdk';
import { Field, Schema, Utf8 } from 'apache-arrow';
import { slotOf } from './client.ts';
import type { Client } from './client.ts';
import { listOf, textOf } from './reply.ts';
import type { Reply } from './reply.ts';

/** One column, as in AWS's connector. */
export const SCRIPT_SCHEMA = new Schema([new Field('_value_', new Utf8(), true)]);

type Arguments = Readonly<Record<string, string>>;

/** Runs a Lua script that may not write (`EVAL_RO`, Redis 7); each element of its answer is a row. KEYS and ARGV are lists divided by commas. */
export async function* runScript(context: CallContext, client: Client, args: Arguments): AsyncGenerator<ReadBatch> {
  const { SCRIPT: script = '', KEYS: keys = '', ARGV: values = '' } = args;
  if (script.trim() === '')
    throw new ErganeError('INVALID_ARGUMENTS', 'SYSTEM.SCRIPT needs SCRIPT, the Lua script that it runs');
  const words = splitList(keys);
  const [reply] = await askNode(context, client, { script, words, values: splitList(values) });
  if (reply instanceof Error) throw scriptError(reply);
  const writer = makeBatchWriter(SCRIPT_SCHEMA);
  for (const value of Array.isArray(reply) ? listOf(reply) : [reply ?? null]) {
    if (writer.isFull) yield finish();
    writer.appendRow([printReply(value)]);
  }
  yield finish();
  function finish(): ReadBatch {
    const batch = writer.finish();
    return { batch, release: () => writer.recycle(batch) };
  }
}

interface Script {
  readonly script: string;
  readonly words: readonly string[];
  readonly values: readonly string[];
}

/** Where the script's first key is; without one at any master. */
async function askNode(
  context: CallContext,
  client: Client,
  { script, words, values }: Script,
): Promise<readonly Reply[]> {
  const command = ['EVAL_RO', script, String(words.length), ...words, ...values] as const;
  const [first] = words;
  const nodes = await client.nodes(context);
  const slot = first === undefined ? undefined : slotOf(Buffer.from(first));
  const node = nodes.find(({ slots }) => slot === undefined || slots.some(([from, to]) => slot >= from && slot <= to));
  return client.at(context, node?.address ?? '', [command]);
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function printReply(reply: Reply): string | null {
  if (reply === null || typeof reply === 'number') return reply === null ? null : String(reply);
  if (Array.isArray(reply)) return JSON.stringify(listOf(reply).map(printReply));
  return textOfBytes(reply);
}

function textOfBytes(reply: Reply): string {
  return Buffer.isBuffer(reply) ? reply.toString() : textOf(reply);
}

function scriptError(error: Error): ErganeError {
  if (/^NOPERM/.test(error.message))
    return new ErganeError(
      'SOURCE_ACCESS_DENIED',
      `Redis refused the script: ${error.message}; the user needs +eval_ro`,
      { cause: error },
    );
  if (/unknown command/i.test(error.message))
    return new ErganeError('NOT_SUPPORTED', 'SYSTEM.SCRIPT needs EVAL_RO, which Redis has since version 7', {
      cause: error,
    });
  return new ErganeError('SOURCE_FAILED', `the script failed: ${error.message}`, { cause: error });
}
