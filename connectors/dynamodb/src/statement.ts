import { ErganeError } from '@ergane/protocol';

const ARGUMENT = 'QUERY';

/** The PartiQL statement of `TABLE(system.query(query => '…'))`. Only SELECT. @throws ErganeError INVALID_FUNCTION_ARGUMENT, NOT_SUPPORTED */
export function readStatement(args: Readonly<Record<string, string>>): string {
  const statement = args[ARGUMENT] ?? args[ARGUMENT.toLowerCase()];
  if (statement === undefined || statement.trim() === '')
    throw new ErganeError(
      'INVALID_FUNCTION_ARGUMENT',
      `system.query needs the argument ${ARGUMENT}, a PartiQL statement`,
    );
  if (!/^\s*select\b/i.test(statement))
    throw new ErganeError('NOT_SUPPORTED', 'system.query runs SELECT statements only: nothing is written to DynamoDB');
  return statement;
}
