import { readFileSync } from 'node:fs';

/** One recorded exchange with one of AWS's Java connectors; fixtures/README.md says what its members are. */
export interface WireCase {
  readonly connector: string;
  readonly case: string;
  readonly serDeVersion: 2 | 3 | 4 | 5 | 6;
  readonly failed?: boolean;
  readonly request: JsonObject;
  readonly response: JsonObject;
  readonly rows?: readonly JsonObject[];
  readonly partitionRows?: readonly JsonObject[];
  readonly spilled?: readonly { readonly key: string; readonly rows: readonly JsonObject[]; readonly bytes: string }[];
}
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json;
}

export const WIRE_FILES = [
  'GetDataSourceCapabilities',
  'GetSplits',
  'GetTable',
  'GetTableLayout',
  'ListSchemas',
  'ListTables',
  'Ping',
  'ReadRecords',
  'UserDefinedFunction',
] as const;

export function readWireCases(file: (typeof WIRE_FILES)[number]): readonly WireCase[] {
  const text = readFileSync(new URL(`./fixtures/wire/${file}.json`, import.meta.url), 'utf8');
  const cases: readonly WireCase[] = JSON.parse(text);
  return cases;
}

export const encodeJson = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
export const decodeJson = (payload: Uint8Array): JsonObject => {
  const value: JsonObject = JSON.parse(new TextDecoder().decode(payload));
  return value;
};
