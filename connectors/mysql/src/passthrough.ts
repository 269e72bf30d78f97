import { ErganeError } from '@ergane/protocol';
import type { Constraints } from '@ergane/protocol';
import { Field, Schema } from 'apache-arrow';
import type { Client } from './client.ts';
import { BINARY_CHARSET, WIRE_TYPES } from './wire/column-definition.ts';
import type { ColumnDefinition } from './wire/column-definition.ts';
import { typeColumn } from './types.ts';
import type { SourceColumn } from './types.ts';

/** Arguments of `SYSTEM.QUERY`; undefined: the request is for a table. */
export function nativeQuery({
  queryPassthroughArguments,
}: Pick<Constraints, 'queryPassthroughArguments'>): string | undefined {
  if (Object.keys(queryPassthroughArguments).length === 0) return undefined;
  const text = queryPassthroughArguments['QUERY'];
  if (text === undefined || text.trim() === '')
    throw new ErganeError(
      'INVALID_FUNCTION_ARGUMENT',
      'SYSTEM.QUERY needs the argument QUERY, a statement in the dialect of MySQL',
    );
  return text;
}

/** The columns that a native query answers: the server prepares it, and does not run it. @throws ErganeError NOT_SUPPORTED unless it only reads */
export async function describeNativeQuery(client: Client, text: string): Promise<Schema> {
  return schemaOfColumns(await describeNativeColumns(client, text));
}

export function schemaOfColumns(columns: readonly SourceColumn[]): Schema {
  return new Schema(columns.map((column) => new Field(column.name, typeColumn(column).type, true)));
}

export async function describeNativeColumns(client: Client, text: string): Promise<readonly SourceColumn[]> {
  assertReads(text);
  const { columns } = await client.translate(async () => {
    const statement = await client.prepare(text);
    client.session.closeStatement(statement);
    return statement;
  }, {});
  if (columns.length === 0)
    throw new ErganeError(
      'NOT_SUPPORTED',
      'the native query answers no columns: only statements that answer rows can be read',
    );
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name.toLowerCase()))
      throw new ErganeError(
        'DUPLICATE_COLUMN_NAME',
        `the native query answers two columns "${name}": give one another name with AS`,
        {
          where: { column: name },
        },
      );
    names.add(name.toLowerCase());
  }
  return columns.map(describe);
}

/**
 * Sessions are read-only, so the server refuses to change tables; this refuses what a session may do besides: set, lock, call, write files.
 * @throws ErganeError NOT_SUPPORTED
 */
export function assertReads(text: string): void {
  const bare = text.replace(/^(\s|\(|\/\*(?!!).*?\*\/|(#|--\s)[^\n]*(\n|$))+/s, '');
  const [word = ''] = /^[a-z]+/i.exec(bare) ?? [];
  if (['select', 'with', 'show', 'describe', 'desc', 'explain', 'table', 'values'].includes(word.toLowerCase())) return;
  throw new ErganeError(
    'NOT_SUPPORTED',
    `a native query must read: SELECT, WITH, SHOW, DESCRIBE, EXPLAIN, TABLE or VALUES, not "${word || bare.slice(0, 20)}"`,
  );
}

const INTEGER_TYPES: Readonly<Record<number, string>> = {
  [WIRE_TYPES.tiny]: 'tinyint',
  [WIRE_TYPES.short]: 'smallint',
  [WIRE_TYPES.int24]: 'mediumint',
  [WIRE_TYPES.long]: 'int',
  [WIRE_TYPES.longLong]: 'bigint',
};
const OTHER_TYPES: Readonly<Record<number, string>> = {
  [WIRE_TYPES.float]: 'float',
  [WIRE_TYPES.double]: 'double',
  [WIRE_TYPES.year]: 'year',
  [WIRE_TYPES.bit]: 'bit',
  [WIRE_TYPES.date]: 'date',
  [WIRE_TYPES.dateTime]: 'datetime',
  [WIRE_TYPES.timestamp]: 'timestamp',
  [WIRE_TYPES.newDecimal]: 'decimal',
  [WIRE_TYPES.json]: 'json',
  [WIRE_TYPES.geometry]: 'blob',
};

/** A column of an answer as a table's column would be described. */
function describe(column: ColumnDefinition): SourceColumn {
  const dataType = INTEGER_TYPES[column.type] ?? OTHER_TYPES[column.type] ?? textOrBytes(column);
  if (column.type === WIRE_TYPES.time)
    throw new ErganeError(
      'NOT_SUPPORTED',
      `column "${column.name}" of the native query is of type TIME: write CAST(... AS CHAR), which is also how columns of tables are read`,
      { where: { column: column.name } },
    );
  return {
    name: column.name,
    dataType,
    columnType: column.isUnsigned ? `${dataType} unsigned` : dataType,
    isNullable: true,
    charset: '',
    collation: '',
    length: column.length,
    precision: column.type === WIRE_TYPES.bit ? column.length : decimalDigits(column),
    scale: column.decimals,
    fractionDigits: column.decimals,
  };
}

/** The length of a decimal counts its sign and its point. */
function decimalDigits({ length, decimals, isUnsigned }: ColumnDefinition): number {
  return length - (isUnsigned ? 0 : 1) - (decimals > 0 ? 1 : 0);
}

function textOrBytes({ charset }: ColumnDefinition): string {
  return charset === BINARY_CHARSET ? 'varbinary' : 'varchar';
}
