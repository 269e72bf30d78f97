import { ErganeError } from '@ergane/protocol';
import type { UserDefinedFunctionRequest, UserDefinedFunctionResponse } from '@ergane/protocol';
import type { Call } from './call.ts';
import { makeBatchWriter } from './columns/index.ts';

/** A user-defined function over the rows of one block (section 1.4, UDF). @throws ErganeError FUNCTION_NOT_FOUND, FUNCTION_FAILED */
export async function answerFunction(
  { definition, invocation }: Call,
  request: UserDefinedFunctionRequest,
): Promise<UserDefinedFunctionResponse> {
  const { methodName, inputRecords, outputSchema } = request;
  const functions = new Map(Object.entries(definition.functions ?? {}));
  const run = functions.get(methodName) ?? functions.get(methodName.toLowerCase());
  if (run === undefined)
    throw new ErganeError('FUNCTION_NOT_FOUND', `${invocation.functionName} has no function "${methodName}"`, {
      where: { function: invocation.functionName },
    });
  const results = await run(inputRecords.batch);
  const rows = inputRecords.batch.numRows;
  if (results.length !== rows || outputSchema.fields.length !== 1)
    throw new ErganeError(
      'FUNCTION_FAILED',
      `function "${methodName}" gave ${results.length} results for ${rows} rows and ${outputSchema.fields.length} columns: it must give one a row`,
      { where: { function: invocation.functionName } },
    );
  const writer = makeBatchWriter(outputSchema, { rows: Math.max(1, rows), bytes: 2 ** 30 });
  for (const result of results) writer.appendRow([result]);
  return { type: 'UserDefinedFunctionResponse', records: { schema: outputSchema, batch: writer.finish() }, methodName };
}
