import type { IndexDescription, KeyElement, KeyType, TableFacts } from '../wire.ts';

/** The table or one of its indexes, as a way to reach items by key. */
export interface AccessPath {
  readonly kind: 'table' | 'local' | 'global';
  readonly index?: string;
  readonly hash: string;
  readonly range?: string;
}

export interface PathQuestion {
  /** attributes that the read needs, those of filters too */
  readonly attributes: readonly string[];
  readonly consistentRead: boolean;
}

/**
 * The ways that answer completely: the table, local indexes (DynamoDB fetches what they do not project from the table) and global
 * indexes that project every attribute needed. A consistent read leaves global indexes out.
 */
export function listAccessPaths(table: TableFacts, question: PathQuestion): readonly AccessPath[] {
  const local = (table.LocalSecondaryIndexes ?? []).map((index) => toPath('local', index));
  const global = question.consistentRead
    ? []
    : (table.GlobalSecondaryIndexes ?? [])
        .filter((index) => isReady(index) && projects(table, index, question.attributes))
        .map((index) => toPath('global', index));
  return [{ kind: 'table', ...keysOf(table.KeySchema) }, ...local, ...global];
}

function toPath(kind: 'local' | 'global', index: IndexDescription): AccessPath {
  return { kind, index: index.IndexName, ...keysOf(index.KeySchema) };
}

function keysOf(schema: readonly KeyElement[]): { readonly hash: string; readonly range?: string } {
  const nameOf = (type: 'HASH' | 'RANGE'): string | undefined =>
    schema.find((key) => key.KeyType === type)?.AttributeName;
  const range = nameOf('RANGE');
  return { hash: nameOf('HASH') ?? '', ...(range !== undefined && { range }) };
}

/** DynamoDB has indexes of several partition or sort keys (2025): they are not used yet. */
function isReady({ IndexStatus = 'ACTIVE', Backfilling = false, KeySchema }: IndexDescription): boolean {
  const hashes = KeySchema.filter((key) => key.KeyType === 'HASH').length;
  return IndexStatus === 'ACTIVE' && !Backfilling && hashes === 1 && KeySchema.length <= 2;
}

function projects(table: TableFacts, { Projection, KeySchema }: IndexDescription, needed: readonly string[]): boolean {
  if (Projection?.ProjectionType === 'ALL') return true;
  const keys = [...table.KeySchema, ...KeySchema].map((key) => key.AttributeName);
  const projected = new Set([...keys, ...(Projection?.NonKeyAttributes ?? [])]);
  return needed.every((attribute) => projected.has(attribute));
}

export function keyTypeOf(table: TableFacts, attribute: string): KeyType | undefined {
  return table.AttributeDefinitions.find((each) => each.AttributeName === attribute)?.AttributeType;
}

export function isTableKey(table: TableFacts, attribute: string): boolean {
  return table.KeySchema.some((key) => key.AttributeName === attribute);
}
