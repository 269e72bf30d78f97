import { ErganeError } from '@ergane/protocol';
import type { Capabilities, Constraints, GetTableRequest, GetTableResponse } from '@ergane/protocol';
import type { Call } from '../call.ts';
import type { ConnectorDefinition } from '../connector.ts';
import type { Environment } from '../settings.ts';
import { assertSupportedTypes } from '../supported-types.ts';

type Passthrough = NonNullable<ConnectorDefinition['passthrough']>;

const FUNCTION_NAME = 'schemaFunctionName';

export function isPassthrough({ queryPassthroughArguments }: Pick<Constraints, 'queryPassthroughArguments'>): boolean {
  return Object.keys(queryPassthroughArguments).length > 0;
}

/** The columns of a native query (section 3.7). @throws ErganeError NOT_SUPPORTED, INVALID_FUNCTION_ARGUMENT */
export async function answerPassthroughTable(call: Call, request: GetTableRequest): Promise<GetTableResponse> {
  const { definition, context, invocation } = call;
  const { passthrough } = definition;
  if (passthrough === undefined || !isEnabled(invocation.environment))
    throw new ErganeError(
      'NOT_SUPPORTED',
      `catalog "${context.catalogName}" takes no native queries${passthrough === undefined ? '' : ': enable_query_passthrough is off'}`,
      { where: { catalog: context.catalogName } },
    );
  const args = request.queryPassthroughArguments;
  checkArguments(passthrough, args);
  const schema = await passthrough.describe(context, args);
  assertSupportedTypes({ tableName: request.tableName, schema }, context.catalogName);
  const { catalogName, tableName } = request;
  return { type: 'GetTableResponse', catalogName, tableName, schema, partitionColumns: [] };
}

function checkArguments(passthrough: Passthrough, args: Readonly<Record<string, string>>): void {
  const name = `${passthrough.schema}.${passthrough.name}`.toUpperCase();
  const asked = args[FUNCTION_NAME];
  if (asked?.toUpperCase() !== name)
    throw new ErganeError('NOT_SUPPORTED', `there is no native query function ${asked ?? ''}: this source has ${name}`);
  for (const argument of passthrough.arguments) {
    const value = args[argument] ?? args[argument.toUpperCase()];
    if (value === undefined || value.trim() === '')
      throw new ErganeError('INVALID_FUNCTION_ARGUMENT', `${name} needs the argument ${argument.toUpperCase()}`);
  }
}

/** What the connector guarantees, and its native query function (section 3.5). */
export function withPassthrough(capabilities: Capabilities, call: Call): Capabilities {
  const { passthrough } = call.definition;
  if (passthrough === undefined || !takesNativeQueries(call)) return capabilities;
  const entry = (what: string, properties: readonly string[]) => ({ subType: `query_passthrough_${what}`, properties });
  return {
    ...capabilities,
    [`${passthrough.schema}.${passthrough.name}`.toUpperCase()]: [
      entry('schema', [passthrough.schema]),
      entry('name', [passthrough.name]),
      entry('arguments', passthrough.arguments),
    ],
  };
}

export function takesNativeQueries({ definition, invocation }: Call): boolean {
  return definition.passthrough !== undefined && isEnabled(invocation.environment);
}

function isEnabled(environment: Environment): boolean {
  return (environment['enable_query_passthrough'] ?? 'true').toLowerCase() === 'true';
}
