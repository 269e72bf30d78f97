import type { FunctionCall } from '../parse/syntax-tree.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import type { ExpressionContext } from './context.ts';
import { printType } from '../types/type-text.ts';
import { analyze } from './expression.ts';
import { analyzeCall } from './call.ts';

const FIELDS: Readonly<Record<string, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  week: 'week',
  day: 'day',
  day_of_month: 'day',
  day_of_week: 'day_of_week',
  dow: 'day_of_week',
  day_of_year: 'day_of_year',
  doy: 'day_of_year',
  year_of_week: 'year_of_week',
  yow: 'year_of_week',
  hour: 'hour',
  minute: 'minute',
  second: 'second',
  timezone_minute: 'timezone_minute',
  timezone_hour: 'timezone_hour',
};

const CLOCK = new Set(['hour', 'minute', 'second']);

/** `EXTRACT(field FROM x)` is the function of the field's name. */
export function extract(node: FunctionCall, context: ExpressionContext): Typed {
  const [field, value] = node.arguments;
  const name = field?.kind === 'string' ? FIELDS[field.text] : undefined;
  if (name === undefined || !value) throw failAt('SYNTAX_ERROR', node.at, 'Invalid EXTRACT field');
  const { type } = analyze(value, context);
  const isWrong =
    (type.kind.startsWith('interval') && field?.kind === 'string' && field.text !== name) ||
    (type.kind === 'date' && CLOCK.has(name)) ||
    (name.startsWith('timezone') && !type.kind.endsWith('with time zone')) ||
    (type.kind.startsWith('time') &&
      !type.kind.startsWith('timestamp') &&
      !CLOCK.has(name) &&
      !name.startsWith('timezone'));
  if (isWrong) throw failAt('TYPE_MISMATCH', value.at, `Cannot extract ${name.toUpperCase()} from ${printType(type)}`);
  return analyzeCall({ kind: 'call', at: node.at, name, arguments: [value] }, context);
}
