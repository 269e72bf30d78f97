import type { CallContext } from '@ergane/sdk';
import { addDocument, addText, inferColumns, isDocument, makeShape, memberShape, parseJson } from '@ergane/schemas';
import type { Column, Sample, Shape } from '@ergane/schemas';
import type { Client } from '../client.ts';
import type { KeySpace } from '../key-space.ts';
import { buffersOf, bytesOf, listOf } from '../reply.ts';
import type { Command, Reply } from '../reply.ts';
import { sampleKeys } from './sample-keys.ts';

interface FieldSample {
  readonly columns: readonly Column[];
  readonly sample: Sample;
}

/** The name of the column of a value that has no fields. */
const VALUE = 'value';
/** Elements of a list, set or stream that the sample looks at. */
const ELEMENTS = '100';

const ASKED: Readonly<Record<KeySpace['valueType'], (key: Buffer) => Command>> = {
  literal: (key) => ['GET', key],
  json: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', ELEMENTS],
  set: (key) => ['SRANDMEMBER', key, ELEMENTS],
  zset: (key) => ['ZRANGE', key, '0', ELEMENTS],
  stream: (key) => ['XRANGE', key, '-', '+', 'COUNT', ELEMENTS],
};

/** The columns of the values of some keys: numbers where all are written as numbers, else text. */
export async function inferFields(
  context: CallContext,
  client: Client,
  { space, wanted }: { readonly space: KeySpace; readonly wanted: number },
): Promise<FieldSample> {
  const keys =
    space.kind === 'zset'
      ? await membersOf(context, client, { space, wanted })
      : await sampleKeys(context, client, { ...space, wanted });
  const replies = await client.byKey(context, keys.map(ASKED[space.valueType]));
  const members = new Map<string, Shape>();
  let documentCount = 0;
  for (const reply of replies) {
    // a key of another type than most is an error when it is read, not here
    if (reply instanceof Error || reply === null) continue;
    documentCount++;
    addValue(members, reply, space.valueType);
  }
  const single = space.valueType !== 'hash' && space.valueType !== 'stream' && space.valueType !== 'json';
  if (single && members.size === 0) members.set(VALUE, makeShape());
  const sample = { members, documentCount, complete: false };
  return { sample, columns: inferColumns(sample) };
}

async function membersOf(
  context: CallContext,
  client: Client,
  { space, wanted }: { readonly space: KeySpace; readonly wanted: number },
): Promise<readonly Buffer[]> {
  const sets = await sampleKeys(context, client, { ...space, wanted });
  const replies = await client.byKey(
    context,
    sets.map((key) => ['ZRANGE', key, '0', String(wanted)]),
  );
  return replies.flatMap((reply) => (reply instanceof Error ? [] : buffersOf(reply))).slice(0, wanted);
}

function addValue(members: Map<string, Shape>, reply: Reply, valueType: KeySpace['valueType']): void {
  const value = (bytes: Buffer | null) => addText(memberShape(members, VALUE), bytes?.toString() ?? '');
  if (valueType === 'literal') value(bytesOf(reply));
  else if (valueType === 'json') addJson(members, bytesOf(reply)?.toString() ?? '');
  else if (valueType === 'hash') addFields(members, reply);
  else if (valueType === 'stream') for (const entry of listOf(reply)) addFields(members, listOf(entry)[1]);
  else for (const element of buffersOf(reply)) value(element);
}

/** field, value, field, value, ... */
function addFields(members: Map<string, Shape>, reply: Reply | undefined): void {
  const words = buffersOf(reply);
  for (let at = 0; at + 1 < words.length; at += 2)
    addText(memberShape(members, words[at]?.toString() ?? ''), words[at + 1]?.toString() ?? '');
}

function addJson(members: Map<string, Shape>, text: string): void {
  try {
    const document = parseJson(text);
    if (isDocument(document)) addDocument(members, document);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
}
