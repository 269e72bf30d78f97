import type { TableFunctionName } from '../compiled-statement.ts';
import type { Expression, Relation } from '../parse/syntax-tree.ts';
import type { ParameterValues } from './parameters.ts';
import { failAt } from '../emit/typed.ts';

type TableFunctionNode = Extract<Relation, { readonly kind: 'table function' }>;

/**
 * A call such as `TABLE(catalog.system.query(query => '…'))` as plain data. Its arguments are constants, since they decide which columns
 * the call has. Throws INVALID_FUNCTION_ARGUMENT for any other.
 */
export function tableFunctionName(node: TableFunctionNode, parameters: ParameterValues): TableFunctionName {
  const [name = '', schema, catalog, ...more] = node.name.map((part) => part.text).toReversed();
  if (more.length > 0) throw failAt('SYNTAX_ERROR', node.at, 'a function has at most a catalog, a schema and a name');
  return {
    name,
    ...(schema === undefined ? {} : { schema }),
    ...(catalog === undefined ? {} : { catalog }),
    arguments: node.arguments.map((argument) => ({
      ...(argument.name === undefined ? {} : { name: argument.name }),
      value: constantText(argument.value, parameters),
    })),
    at: node.at,
  };
}

function constantText(node: Expression, parameters: ParameterValues): string {
  if (node.kind === 'string' || node.kind === 'integer' || node.kind === 'decimal' || node.kind === 'double')
    return node.text;
  if (node.kind === 'boolean') return String(node.value);
  if (node.kind === 'concat') return constantText(node.left, parameters) + constantText(node.right, parameters);
  if (node.kind === 'parameter') {
    const value = parameters.find(node.at);
    if (value && value.kind !== 'parameter') return constantText(value, parameters);
    throw failAt('INVALID_PARAMETER_USAGE', node.at, 'Incorrect number of parameters: there is no value for this `?`');
  }
  throw failAt(
    'INVALID_FUNCTION_ARGUMENT',
    node.at,
    "an argument of a table function must be a constant, such as query => 'SELECT 1'",
  );
}
