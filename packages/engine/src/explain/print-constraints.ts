import { isAll, isNone, isPackedTimestamp, singleValues } from '@ergane/protocol';
import type { Constraints, FederationExpression, Marker, Value, ValueSet } from '@ergane/protocol';
import { readValue } from '@ergane/protocol';
import { DataType, DateUnit } from 'apache-arrow';

/** As many values of a list are shown; the rest is counted. */
const SHOWN = 10;

/** What the source was asked to leave out, a line a column or expression, in the order of the columns' names. */
export function printConstraints({ summary, expression }: Constraints): string[] {
  const columns = Object.entries(summary).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...columns.map(([column, set]) => printValueSet(column, set)), ...expression.map(printExpression)];
}

/** `id IN (1, 5)`, `name >= 'a' AND name < 'b'`, `x IS NULL`. */
export function printValueSet(column: string, set: ValueSet): string {
  const orNull = set.nullAllowed ? ` OR ${column} IS NULL` : '';
  if (isNone(set)) return set.nullAllowed ? `${column} IS NULL` : `${column}: none`;
  if (isAll(set)) return `${column}: all`;
  const values = singleValues(set);
  if (values?.length === 0) return `${column} IS NULL`;
  if (values) return printList(column, set, values) + orNull;
  if (set.kind !== 'SortedRangeSet')
    return set.kind === 'EquatableValueSet'
      ? `${column} NOT ${printList('', set, set.values)}`
      : `${column} IS NOT NULL`;
  if (set.ranges.length === 0) return `${column} IS NULL`;
  const ranges = set.ranges.map(({ low, high }) => printRange(column, { low, high, type: set.type }));
  const shown = ranges.slice(0, SHOWN).join(' OR ');
  const more = ranges.length > SHOWN ? ` OR … ${ranges.length - SHOWN} more ranges` : '';
  return shown + more + orNull;
}

function printList(column: string, { type }: ValueSet, values: readonly Value[]): string {
  if (values.length === 0) return `${column} IS NULL`;
  const [first] = values;
  if (values.length === 1 && first !== undefined) return `${column} = ${printLiteral(type, first)}`;
  const shown = values.slice(0, SHOWN).map((value) => printLiteral(type, value));
  const more = values.length > SHOWN ? [`… ${values.length - SHOWN} more`] : [];
  return `${column} IN (${[...shown, ...more].join(', ')})`;
}

function printRange(
  column: string,
  { low, high, type }: { readonly low: Marker; readonly high: Marker; readonly type: DataType },
): string {
  if (low.value === undefined && high.value === undefined) return `${column} IS NOT NULL`;
  const bounds = [
    low.value === undefined ? '' : `${column} ${low.bound === 'EXACTLY' ? '>=' : '>'} ${printLiteral(type, low.value)}`,
    high.value === undefined
      ? ''
      : `${column} ${high.bound === 'EXACTLY' ? '<=' : '<'} ${printLiteral(type, high.value)}`,
  ];
  if (low.value !== undefined && low.value === high.value) return `${column} = ${printLiteral(type, low.value)}`;
  return bounds.filter((bound) => bound !== '').join(' AND ');
}

function printLiteral(type: DataType, value: Value): string {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`;
  if (DataType.isDecimal(type) && typeof value === 'bigint') return printUnscaled(value, type.scale);
  if (isPackedTimestamp(type) && typeof value === 'bigint')
    return `TIMESTAMP '${new Date(Number(value >> 12n)).toISOString().slice(0, -1).replace('T', ' ')} UTC'`;
  if (DataType.isDate(type)) {
    const millis = type.unit === DateUnit.DAY ? Number(value) * 86_400_000 : Number(value);
    const text = new Date(millis).toISOString();
    return type.unit === DateUnit.DAY
      ? `DATE '${text.slice(0, 10)}'`
      : `TIMESTAMP '${text.slice(0, -1).replace('T', ' ')}'`;
  }
  return String(value);
}

function printUnscaled(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function printExpression(expression: FederationExpression): string {
  switch (expression.kind) {
    case 'VariableExpression':
      return expression.columnName;
    case 'ConstantExpression': {
      const [column] = expression.valueBlock.batch.data.children;
      const value = column ? readValue(column, 0) : null;
      return value === null ? 'NULL' : printLiteral(expression.type, value);
    }
    case 'FunctionCallExpression':
      return `${expression.functionName}(${expression.arguments.map(printExpression).join(', ')})`;
  }
}
