import { ErganeError } from '@ergane/protocol';
import type { Properties } from '@ergane/sdk';
import type { KeyRange } from './key-range.ts';

/** A unit of work: some partitions (none: the whole table), and of them the rows of a range of the key. */
export interface MysqlSplit {
  readonly partitions: readonly string[];
  readonly range: KeyRange;
  /**
   * `key`: read in the order of the key, so that the read can be continued after any row; `index`: and by the key's index, whatever
   * the server thinks of it, because the split is a range of it
   */
  readonly order: 'any' | 'key' | 'index';
}

export const WHOLE_TABLE: MysqlSplit = { partitions: [], range: {}, order: 'any' };

export function printSplit(split: MysqlSplit): Properties {
  const { partitions, range, order } = split;
  return {
    ...(partitions.length > 0 && { partitions: JSON.stringify(partitions) }),
    ...(Object.keys(range).length > 0 && { range: JSON.stringify(range) }),
    ...(order !== 'any' && { order }),
  };
}

/** @throws ErganeError PROTOCOL_INVALID for a split that this connector did not make */
export function parseSplit(properties: Properties): MysqlSplit {
  const partitions = parseMember(properties['partitions']) ?? [];
  const range = parseMember(properties['range']) ?? {};
  if (!isTexts(partitions) || !isRange(range))
    throw new ErganeError('PROTOCOL_INVALID', `this is no split of the mysql connector: ${JSON.stringify(properties)}`);
  const order = properties['order'];
  return { partitions, range, order: order === 'key' || order === 'index' ? order : 'any' };
}

function parseMember(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    return text;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isRange(value: unknown): value is KeyRange {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([side, bound]) => (side === 'low' || side === 'high') && isBound(bound));
}

function isBound(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'values' in value && isTexts(value.values) && 'isIncluded' in value && typeof value.isIncluded === 'boolean';
}
