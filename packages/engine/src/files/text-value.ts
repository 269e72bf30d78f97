import { ErganeError } from '@ergane/protocol';
import { duckdbType } from '../sql/types/physical-type.ts';
import type { TrinoType } from '../sql/trino-type.ts';
import type { FileColumn } from './file-relation.ts';
import { quoteText } from './quote.ts';

/**
 * A DuckDB expression that makes a value of `type` from text; NULL where the text is none. What a text of a CSV file may be:
 * no nested type.
 */
export function tryTextValue(text: string, { name, type }: FileColumn): string {
  if (type.kind === 'varchar') return text;
  if (type.kind === 'char') return `rtrim(${text}, ' ')`;
  if (type.kind === 'varbinary') return `TRY(from_base64(${text}))`;
  if (type.kind === 'boolean') return `CASE lower(${text}) WHEN 'true' THEN true WHEN 'false' THEN false END`;
  if (type.kind !== 'array' && type.kind !== 'map' && type.kind !== 'row')
    return `TRY_CAST(${text} AS ${duckdbType(type)})`;
  throw new ErganeError(
    'NOT_SUPPORTED',
    `column ${name} has type ${type.kind}, which a CSV file cannot hold here: declare it as string, or use Parquet or JSON`,
    { where: { column: name } },
  );
}

/** The value, or an error that names file and column where the text is none of the type. */
export function requireTextValue(
  value: string,
  text: string,
  place: { readonly column: FileColumn; readonly file: string },
): string {
  const { column, file } = place;
  const problem = quoteText(` is no ${describeType(column.type)} of column ${column.name} in file `);
  return `CASE WHEN ${text} IS NULL THEN NULL WHEN ${value} IS NULL THEN error('FILE_INVALID: "' || left(${text}, 100) || '"' || ${problem} || ${file}) ELSE ${value} END`;
}

function describeType(type: TrinoType): string {
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}
