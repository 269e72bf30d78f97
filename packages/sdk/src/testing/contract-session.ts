import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ErganeError } from '@ergane/protocol';
import type { ErrorCode, Extension, GetTableResponse } from '@ergane/protocol';
import { openStore } from '@ergane/storage';
import { inProcessInvoker } from '../hosts/in-process.ts';
import type { Environment } from '../settings.ts';
import type { ContractOptions, ContractSource, ContractTable } from './contract.ts';
import { makeFunctionClient } from './function-client.ts';
import type { FunctionClient, ReadOptions } from './function-client.ts';
import { plainRows, sortedRows } from './plain-rows.ts';

const BUCKET = 'spill';

/** The open source of one suite, and callers of the connector over it. */
export interface ContractSession extends AsyncDisposable {
  client(options?: { readonly environment?: Environment; readonly announce?: readonly Extension[] }): FunctionClient;
  describe(table: ContractTable): Promise<GetTableResponse>;
  /** all rows as text, sorted; read once a table */
  rowsOf(table: ContractTable): Promise<readonly string[]>;
  /** spilled objects that are there now */
  listSpill(): Promise<readonly string[]>;
}

export async function openSession(
  { name, connector }: ContractOptions,
  source: ContractSource,
): Promise<ContractSession> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ergane-contract-'));
  const store = openStore(folder);
  const environments = new Map<string, Environment>();
  const whole = new Map<ContractTable, Promise<readonly string[]>>();

  const session: ContractSession = {
    client({ environment = {}, announce = [] } = {}) {
      const key = JSON.stringify(environment);
      // one object for one environment, as a function instance has it
      const own = environments.get(key) ?? { ...source.environment, ergane_spill_store: folder, ...environment };
      environments.set(key, own);
      const invoker = inProcessInvoker({ [name]: { connector, environment: own, onLog: () => undefined } });
      return makeFunctionClient({ invoker, functionName: name, store, bucket: BUCKET, announce });
    },
    describe: ({ schemaName, tableName }) => session.client().getTable({ schemaName, tableName }),
    rowsOf(table) {
      const known = whole.get(table) ?? readSorted(session, table);
      whole.set(table, known);
      return known;
    },
    async listSpill() {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
      await source[Symbol.asyncDispose]();
    },
  };
  return session;
}

async function readSorted(session: ContractSession, table: ContractTable): Promise<readonly string[]> {
  if (table.rows !== undefined) return sortedRows(table.rows);
  return readRows(session.client(), await session.describe(table));
}

/** The rows of a read as text, sorted. */
export async function readRows(
  client: FunctionClient,
  table: GetTableResponse,
  options: ReadOptions = {},
): Promise<readonly string[]> {
  const batches = await client.readTable(table, options);
  return sortedRows(batches.flatMap(plainRows));
}

/** Asserts an ErganeError of one of the codes, whose message has some words and lacks others. */
export function failsWith(
  codes: readonly ErrorCode[],
  { mentions = [], secrets = [] }: { readonly mentions?: readonly string[]; readonly secrets?: readonly string[] } = {},
): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof ErganeError, `not an ErganeError: ${String(error)}`);
    assert.ok(codes.includes(error.code), `${error.code} where ${codes.join(' or ')} was expected: ${error.message}`);
    for (const word of mentions) assert.ok(error.message.includes(word), `"${error.message}" does not mention ${word}`);
    for (const secret of secrets) assert.ok(!error.message.includes(secret), `"${error.message}" tells a secret`);
    return true;
  };
}
