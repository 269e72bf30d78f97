import { ErganeError } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import type { CallContext, ReadBatch, ReadRequest } from '@ergane/sdk';
import type { Client } from '../client.ts';
import { makeKeyMatcher } from '../glob.ts';
import { namedKeys, readSplit } from '../splits.ts';
import { bytesOf, textOf } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { SeenKeys } from '../seen-keys.ts';
import { readTableNotes } from '../table-notes.ts';
import type { TableNotes } from '../table-notes.ts';
import { makeRowWriter, printKey } from './row-writer.ts';
import type { RowWriter } from './row-writer.ts';
import { memberPages, PAGE_KEYS, scanKeys } from './scan-keys.ts';
import { VALUE_KINDS } from './value-rows.ts';
import type { Fields } from './value-rows.ts';

/** What one page of keys and the reply to each is. */
interface Page {
  readonly keys: readonly Buffer[];
  readonly replies: readonly Reply[];
}

/** The rows of one split. While one page of values is on its way, the keys of the next one are scanned. */
export async function* readTable(
  context: CallContext,
  client: Client,
  request: ReadRequest,
): AsyncGenerator<ReadBatch> {
  const notes = readTableNotes(request.schema);
  checkTable(request, notes);
  const rows = makeRowWriter(request.schema, notes);
  const limit = findLimit(request.constraints);
  const tally = { keysSkipped: 0 };
  const left = { rows: limit ?? Infinity };
  if (left.rows <= 0) return;
  const pages = readPages(context, client, { request, notes, fields: rows.fields, limit });
  for await (const page of pages) {
    for await (const full of writePage(page, { context, client, notes, rows, left, tally }))
      yield finish(full, tally, notes);
    if (left.rows <= 0) break;
  }
  if (rows.writer.rowCount > 0 || tally.keysSkipped > 0) yield finish(rows, tally, notes);
}

function finish({ writer }: RowWriter, tally: { keysSkipped: number }, { tableName }: TableNotes): ReadBatch {
  const batch = writer.finish();
  const { keysSkipped } = tally;
  tally.keysSkipped = 0;
  return {
    batch,
    release: () => writer.recycle(batch),
    ...(keysSkipped > 0 && {
      statistics: { keysSkipped },
      notes: [`keys of another type than table "${tableName}" declares were left out (redis-wrong-type: skip)`],
    }),
  };
}

/** A split belongs to the table that was planned. */
function checkTable({ tableName: { tableName } }: ReadRequest, notes: TableNotes): void {
  if (tableName.toLowerCase() === notes.tableName.toLowerCase()) return;
  throw new ErganeError(
    'TABLE_NOT_FOUND',
    `the schema is of table "${notes.tableName}", not of "${tableName}": the table's name and its schema must be of one answer of GetTable`,
    { where: { table: tableName } },
  );
}

/** How many rows are enough; undefined: all. With conditions the SDK and the engine must see every row. */
export function findLimit({ limit, summary, expression, orderByClause }: Constraints): number | undefined {
  const isBare = expression.length === 0 && orderByClause.length === 0 && Object.keys(summary).length === 0;
  return limit >= 0 && isBare ? limit : undefined;
}

interface PageQuestion {
  readonly request: ReadRequest;
  readonly notes: TableNotes;
  readonly fields: readonly string[];
  readonly limit: number | undefined;
}

async function* readPages(context: CallContext, client: Client, question: PageQuestion): AsyncGenerator<Page> {
  const { notes, fields } = question;
  const { valueType } = notes.space;
  const ask = (keys: readonly Buffer[]): Promise<readonly Reply[]> =>
    client.byKey(
      context,
      keys.map((key) =>
        fields.length === 0 && isOneRow(notes) ? ['TYPE', key] : VALUE_KINDS[valueType].command(key, fields),
      ),
    );
  let waiting: { readonly keys: readonly Buffer[]; readonly replies: Promise<readonly Reply[]> } | undefined;
  try {
    for await (const keys of keyPages(context, client, question)) {
      const replies = ask(keys);
      // a failure is told by whoever awaits the page
      replies.catch(() => undefined);
      if (waiting !== undefined) yield { keys: waiting.keys, replies: await waiting.replies };
      waiting = { keys, replies };
      if (question.limit !== undefined) {
        yield { keys, replies: await replies };
        waiting = undefined;
      }
    }
    if (waiting !== undefined) yield { keys: waiting.keys, replies: await waiting.replies };
  } finally {
    await waiting?.replies.catch(() => undefined);
  }
}

/** A value is one row: then the key alone says whether there is one. */
function isOneRow({ space }: TableNotes): boolean {
  return space.valueType === 'hash' || space.valueType === 'literal' || space.valueType === 'json';
}

async function* keyPages(
  context: CallContext,
  client: Client,
  { request, notes: { space }, limit }: PageQuestion,
): AsyncGenerator<readonly Buffer[]> {
  const split = readSplit(request.split);
  if (split.kind === 'scan') {
    const wanted = namedKeys(request.constraints);
    const named = wanted && new Set(wanted.map((key) => key.toString('latin1')));
    for await (const keys of scanKeys(context, client, { ...split, space, first: limit }))
      yield named === undefined ? keys : keys.filter((key) => named.has(key.toString('latin1')));
    return;
  }
  const distinct = new Map(split.keys.map((key) => [key.toString('latin1'), key]));
  const own = await findMembers(context, client, { space, keys: [...distinct.values()] });
  for (let from = 0; from < own.length; from += PAGE_KEYS) yield own.slice(from, from + PAGE_KEYS);
}

/** Those of the named keys that are the table's. */
async function findMembers(
  context: CallContext,
  client: Client,
  { space, keys }: { readonly space: TableNotes['space']; readonly keys: readonly Buffer[] },
): Promise<readonly Buffer[]> {
  if (space.kind === 'prefix') return keys.filter(makeKeyMatcher(space.patterns, space.separator));
  const isPlain = space.patterns.every((pattern) => !/[*?[\\]/.test(pattern));
  if (isPlain) {
    const asked = space.patterns.flatMap((set) => keys.map((key) => ['ZSCORE', set, key] as const));
    const scores = await client.byKey(context, asked);
    const isMember = (at: number) =>
      space.patterns.some((_set, index) => bytesOf(scores[index * keys.length + at]) !== null);
    return keys.filter((_key, at) => isMember(at));
  }
  const wanted = new Set(keys.map((key) => key.toString('latin1')));
  const seen = new SeenKeys();
  const members: Buffer[] = [];
  const take = (found: readonly Buffer[]) => found.filter((key) => wanted.has(key.toString('latin1')) && seen.add(key));
  for await (const page of memberPages(context, client, { scan: { space, first: undefined }, take }))
    members.push(...page);
  return members;
}

interface Writing {
  readonly context: CallContext;
  readonly client: Client;
  readonly notes: TableNotes;
  readonly rows: RowWriter;
  readonly left: { rows: number };
  readonly tally: { keysSkipped: number };
}

/** Writes the rows of a page; gives the writer whenever its batch is full. */
async function* writePage({ keys, replies }: Page, writing: Writing): AsyncGenerator<RowWriter> {
  const { rows, left } = writing;
  const unsure = await typesOfUnsure({ keys, replies }, writing);
  for (const [index, key] of keys.entries()) {
    if (left.rows <= 0) return;
    const reply = unsure.get(index) ?? replies[index] ?? null;
    const found = rowsOf(key, reply, writing);
    for await (const fields of found) {
      if (rows.writer.isFull) yield rows;
      rows.write(key, fields);
      if (--left.rows <= 0) return;
    }
  }
  if (rows.writer.isFull) yield rows;
}

const TYPE_REPLY = 'TYPE ';
const NO_FIELDS: Fields = new Map();

/** Where the reply does not say whether the key is there (a hash without any of the fields), its type does. */
async function typesOfUnsure(
  { keys, replies }: Page,
  { context, client, notes, rows }: Writing,
): Promise<ReadonlyMap<number, Reply>> {
  if (notes.space.valueType !== 'hash' || rows.fields.length === 0) return new Map();
  const unsure = keys.flatMap((_key, index) => {
    const reply = replies[index];
    return Array.isArray(reply) && reply.every((value) => value === null) ? [index] : [];
  });
  if (unsure.length === 0) return new Map();
  const types = await client.byKey(
    context,
    unsure.flatMap((index) => {
      const key = keys[index];
      return key === undefined ? [] : [['TYPE', key] as const];
    }),
  );
  return new Map(unsure.map((index, at) => [index, Buffer.from(TYPE_REPLY + textOf(types[at]))]));
}

const NAMES: Readonly<Record<string, string>> = { literal: 'string', json: 'string' };

function rowsOf(key: Buffer, reply: Reply, writing: Writing): Iterable<Fields> | AsyncIterable<Fields> {
  const { context, client, notes, rows, tally } = writing;
  const { valueType, wrongType } = notes.space;
  const expected = NAMES[valueType] ?? valueType;
  const asksType = rows.fields.length === 0 && isOneRow(notes);
  const typed =
    Buffer.isBuffer(reply) && reply.toString('latin1', 0, TYPE_REPLY.length) === TYPE_REPLY && valueType === 'hash';
  if (asksType || typed) {
    const type = textOf(reply).replace(TYPE_REPLY, '');
    if (type === 'none') return [];
    if (type === expected) return [NO_FIELDS];
    if (wrongType === 'skip') tally.keysSkipped++;
    else throw wrongTypeError(key, type, notes);
    return [];
  }
  if (reply instanceof Error) {
    if (!reply.message.startsWith('WRONGTYPE')) throw reply;
    if (wrongType === 'error') throw wrongTypeError(key, 'of another type', notes);
    tally.keysSkipped++;
    return [];
  }
  return VALUE_KINDS[valueType].rows({ context, client, key, reply, fields: rows.fields }) ?? [NO_FIELDS];
}

function wrongTypeError(key: Buffer, type: string, { tableName, space }: TableNotes): ErganeError {
  return new ErganeError(
    'SOURCE_DATA_INVALID',
    `the key ${printKey(key)} of table "${tableName}" is ${type}, not a ${space.valueType}: narrow redis-key-prefix, or set redis-wrong-type to skip to leave such keys out and count them`,
    { where: { table: tableName } },
  );
}
