import type { TableName } from '@ergane/protocol';
import type { Parameter } from './wire/parameters.ts';

/** A piece of SQL with the values of its `?`, in order. */
export interface Sql {
  readonly text: string;
  readonly parameters: readonly Parameter[];
}

export function sql(text: string, ...parameters: readonly Parameter[]): Sql {
  return { text, parameters };
}

/** Pieces one after the other, with `separator` between. */
export function joinSql(pieces: readonly Sql[], separator: string): Sql {
  return {
    text: pieces.map(({ text }) => text).join(separator),
    parameters: pieces.flatMap((piece) => piece.parameters),
  };
}

/** A name as MySQL takes any: in back-ticks, which are doubled inside. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

export function quoteTable({ schemaName, tableName }: TableName): string {
  return `${quoteName(schemaName)}.${quoteName(tableName)}`;
}
