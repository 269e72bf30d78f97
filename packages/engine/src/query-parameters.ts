import { ErganeError } from '@ergane/protocol';
import type { RunOptions } from './engine.ts';
import { compileQuery, parseStatement } from './sql/index.ts';
import type { CompiledQuery, CompileOptions, Expression, Query, TableResolver } from './sql/index.ts';

/** Values for the `?` of a query of which only the types are asked. */
export type DescribedValues = Pick<CompileOptions, 'parameters' | 'onParameter'>;

/** Translates a query in its session, with the values of its `?`. */
export function compileWith(
  query: Query,
  {
    resolver,
    options,
    newView,
    ...values
  }: {
    readonly resolver: TableResolver;
    readonly options: RunOptions;
    readonly newView?: string | undefined;
  } & DescribedValues,
): Promise<CompiledQuery> {
  const { catalog, schema, parameters = [] } = options;
  const names = { ...(catalog !== undefined && { catalog }), ...(schema !== undefined && { schema }) };
  const session = { startedAt: new Date(), ...names };
  return compileQuery(query, {
    resolver,
    session,
    parameters: parameters.map(parseParameter),
    ...values,
    ...(newView !== undefined && { newView }),
  });
}

/** The value of a `?`: any expression without names, such as `DATE '2024-01-01'`. */
function parseParameter(text: string): Expression {
  const statement = parseStatement(`SELECT ${text}`);
  const body = statement.kind === 'query' ? statement.query.body : undefined;
  const [item] = body?.kind === 'select' && body.from === undefined && body.items.length === 1 ? body.items : [];
  if (item?.kind === 'expression' && item.alias === undefined) return item.expression;
  throw new ErganeError('INVALID_FUNCTION_ARGUMENT', `the parameter ${text} is no value; write it as a SQL literal`);
}
