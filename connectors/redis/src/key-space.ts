import { ErganeError } from '@ergane/protocol';
import type { TableDefinition } from '@ergane/schemas';

export const VALUE_TYPES = ['literal', 'hash', 'zset', 'list', 'set', 'stream', 'json'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** Which keys are a table, and what their values are: what Glue's table parameters say (protocol reference, section 8.9), and more. */
export interface KeySpace {
  /** `prefix`: keys that match a pattern; `zset`: the members of sorted sets are the keys */
  readonly kind: 'prefix' | 'zset';
  /** Redis's glob patterns: of the keys, or of the names of the sorted sets */
  readonly patterns: readonly string[];
  /** a `*` in a pattern does not match it; '' when it matches all */
  readonly separator: string;
  readonly valueType: ValueType;
  /** what a key of another type is */
  readonly wrongType: 'error' | 'skip';
}

/** The column of the key; it is there whether a definition has it or not. */
export const KEY_COLUMN = '_key_';
/** Columns that a type of value has beside its fields; also there whether a definition has them or not. */
export const VALUE_COLUMNS: Readonly<
  Partial<Record<ValueType, readonly [name: string, type: 'double' | 'bigint' | 'varchar']>>
> = {
  zset: ['_score_', 'double'],
  list: ['_index_', 'bigint'],
  stream: ['_id_', 'varchar'],
};

/** @throws ErganeError CONFIG_INVALID that names table and parameter */
export function readKeySpace({ tableName, sourceTable, parameters, columns }: TableDefinition): KeySpace {
  const zset = parameters['redis-keys-zset'];
  const prefix = parameters['redis-key-prefix'];
  if (zset !== undefined && prefix !== undefined)
    throw invalid(tableName, 'has both redis-key-prefix and redis-keys-zset: it takes one of them');
  const space: KeySpace = {
    kind: zset === undefined ? 'prefix' : 'zset',
    patterns: splitList(zset ?? prefix ?? `${sourceTable}:*`),
    separator: parameters['redis-key-separator'] ?? '',
    valueType: pick(parameters['redis-value-type'] ?? 'hash', VALUE_TYPES, { tableName, name: 'redis-value-type' }),
    wrongType: pick(parameters['redis-wrong-type'] ?? 'error', ['error', 'skip'], {
      tableName,
      name: 'redis-wrong-type',
    }),
  };
  const [extra] = VALUE_COLUMNS[space.valueType] ?? [];
  const fields = columns.filter(({ name }) => name !== KEY_COLUMN && name !== extra);
  if (['literal', 'zset', 'list', 'set'].includes(space.valueType) && fields.length !== 1)
    throw invalid(
      tableName,
      `has ${fields.length} columns for the value, and a ${space.valueType} has one: define one column beside ${KEY_COLUMN}`,
    );
  return space;
}

function splitList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

interface Parameter {
  readonly tableName: string;
  readonly name: string;
}

function pick<Value extends string>(text: string, values: readonly Value[], { tableName, name }: Parameter): Value {
  const found = values.find((value) => value === text.toLowerCase());
  if (found !== undefined) return found;
  throw invalid(tableName, `has ${name} "${text}": it is one of ${values.join(', ')}`);
}

function invalid(table: string, what: string): ErganeError {
  return new ErganeError('CONFIG_INVALID', `the definition of table "${table}" ${what}`, { where: { table } });
}
