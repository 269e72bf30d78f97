import type { FunctionCall } from '../parse/syntax-tree.ts';
import { failAt, type Typed } from '../emit/typed.ts';
import type { ExpressionContext } from './context.ts';
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

/** `EXTRACT(field FROM x)` is the function of the field's name. */
export function extract(node: FunctionCall, context: ExpressionContext): Typed {
  const [field, value] = node.arguments;
  const name = field?.kind === 'string' ? FIELDS[field.text] : undefined;
  if (name === undefined || !value) throw failAt('SYNTAX_ERROR', node.at, 'Invalid EXTRACT field');
  return analyzeCall({ kind: 'call', at: node.at, name, arguments: [value] }, context);
}
