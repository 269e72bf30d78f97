import { ErganeError } from '@ergane/protocol';
import type { TrinoType } from '../trino-type.ts';
import { resolveType } from '../types/type-text.ts';
import { parseStatement } from './parse-statement.ts';

/** The types that `printType` printed. @throws ErganeError METASTORE_FAILED for text that is none */
export function parseTypes(texts: readonly string[]): readonly TrinoType[] {
  if (texts.length === 0) return [];
  const statement = parseStatement(`SELECT ${texts.map((text) => `CAST(NULL AS ${text})`).join(', ')}`);
  const body = statement.kind === 'query' ? statement.query.body : undefined;
  const items = body?.kind === 'select' ? body.items : [];
  return texts.map((text, index) => {
    const item = items[index];
    if (item?.kind === 'expression' && item.expression.kind === 'cast') return resolveType(item.expression.type);
    throw new ErganeError('METASTORE_FAILED', `"${text}" is no type`);
  });
}
