import { CAPABILITIES, ErganeError, PASSTHROUGH_FUNCTION_ARGUMENT } from '@ergane/protocol';
import type { CapabilitySubType, Constraints } from '@ergane/protocol';
import { failAt } from '../sql/emit/typed.ts';
import type { TableFunctionName } from '../sql/compiled-statement.ts';
import type { Asker } from './catalog.ts';
import { findCatalog } from './catalogs.ts';
import type { Catalogs, NameSession, TableReference } from './catalogs.ts';
import type { FederatedTable } from './federated-catalog.ts';

/** The arguments of the native query that a table is the answer of; nothing for any other table. */
export function nativeArguments(
  table: TableReference['table'],
): Partial<Pick<Constraints, 'queryPassthroughArguments'>> {
  return isNative(table) ? { queryPassthroughArguments: table.queryPassthroughArguments } : {};
}

function isNative(table: TableReference['table']): table is FederatedTable {
  return 'queryPassthroughArguments' in table && Object.keys(table.queryPassthroughArguments).length > 0;
}

/** A native query of the user's: nothing but its arguments may be asked. */
export function isAsWritten(table: TableReference['table']): boolean {
  return isNative(table) && table.isPushed !== true;
}

/**
 * The table of `TABLE(catalog.schema.name(argument => '…'))`: a native query of the source, as its connector declares it (section 3.7).
 * Arguments are named as declared, in any case, or stand in their order. Throws FUNCTION_NOT_FOUND, INVALID_FUNCTION_ARGUMENT.
 */
export async function findNativeTable(
  catalogs: Catalogs,
  session: NameSession,
  { name, asker }: { readonly name: TableFunctionName; readonly asker: Asker },
): Promise<FederatedTable> {
  const { at } = name;
  const written = [name.catalog, name.schema, name.name].filter((part) => part !== undefined).join('.');
  const catalogName = name.catalog ?? session.catalog;
  if (catalogName === undefined || name.schema === undefined)
    throw failAt('FUNCTION_NOT_FOUND', at, `Table function '${written}' not registered`);
  const catalog = findCatalog(catalogs, catalogName);
  const capabilities = catalog.kind === 'federated' ? await catalog.capabilities(asker) : {};
  const declared = capabilities[`${name.schema}.${name.name}`.toUpperCase()];
  if (catalog.kind !== 'federated' || declared === undefined) {
    const known = Object.entries(capabilities).filter(([, subTypes]) => propertiesOf(subTypes, 'name').length > 0);
    const has =
      known.length === 0
        ? `catalog ${catalog.name} takes no native queries`
        : `catalog ${catalog.name} has ${known.map(([function_]) => function_.toLowerCase()).join(', ')}`;
    throw failAt('FUNCTION_NOT_FOUND', at, `Table function '${written}' not registered: ${has}`);
  }
  const [schemaName = name.schema] = propertiesOf(declared, 'schema');
  const [tableName = name.name] = propertiesOf(declared, 'name');
  const values = bindArguments(name, propertiesOf(declared, 'arguments'));
  const function_ = `${schemaName}.${tableName}`.toUpperCase();
  try {
    return await catalog.getNativeTable(
      { schemaName, tableName },
      { [PASSTHROUGH_FUNCTION_ARGUMENT]: function_, ...values },
      asker,
    );
  } catch (error) {
    if (!(error instanceof ErganeError) || error.where.line !== undefined) throw error;
    throw new ErganeError(error.code, `line ${at.line}:${at.col}: ${error.message}`, {
      where: { ...error.where, ...at },
      cause: error,
    });
  }
}

function propertiesOf(
  declared: readonly CapabilitySubType[],
  part: 'schema' | 'name' | 'arguments',
): readonly string[] {
  const subType = CAPABILITIES.passthrough[part];
  return declared.find((one) => one.subType === subType)?.properties ?? [];
}

/** The values by the declared names in upper case; every declared argument must have one that is not empty. */
function bindArguments(name: TableFunctionName, declared: readonly string[]): Readonly<Record<string, string>> {
  const wanted = declared.map((argument) => argument.toUpperCase());
  const values: Record<string, string> = {};
  const fail = (message: string) => failAt('INVALID_FUNCTION_ARGUMENT', name.at, message);
  const takes = `${name.name} takes ${wanted.map((argument) => argument.toLowerCase()).join(', ')}`;
  for (const [index, argument] of name.arguments.entries()) {
    const key = argument.name?.toUpperCase() ?? wanted[index];
    if (key === undefined) throw fail(`Too many arguments: ${takes}`);
    if (!wanted.includes(key)) throw fail(`Unexpected argument name: ${key}; ${takes}`);
    if (key in values) throw fail(`Duplicate argument name: ${key}`);
    values[key] = argument.value;
  }
  const missing = wanted.find((key) => (values[key] ?? '').trim() === '');
  if (missing !== undefined) throw fail(`Missing argument: ${missing}; ${takes}`);
  return values;
}
