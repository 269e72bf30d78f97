import { ErganeError } from '@ergane/protocol';
import type { ErrorCode, FederationRequest } from '@ergane/protocol';

/** Mistakes of the statement name what is wrong in it; these are the configuration's, of which there is one a catalog. */
const OF_CONFIGURATION: readonly ErrorCode[] = ['CONFIG_INVALID', 'SECRET_NOT_FOUND'];

/**
 * The error of a call, saying for which catalog or table it was made: a function, and the host that runs it, know their own trouble, but
 * not always what of the user's world it is about.
 */
export function locateError(error: unknown, request: FederationRequest): unknown {
  if (!(error instanceof ErganeError) || error.code === 'QUERY_CANCELLED') return error;
  if (error.kind === 'user' && !OF_CONFIGURATION.includes(error.code)) return error;
  if (!('catalogName' in request)) return error;
  const { catalogName: catalog } = request;
  const name = 'tableName' in request ? request.tableName : undefined;
  const place = name === undefined ? `catalog ${catalog}` : `${catalog}.${name.schemaName}.${name.tableName}`;
  const where = {
    catalog,
    ...(name !== undefined && { schema: name.schemaName, table: name.tableName }),
    ...error.where,
  };
  const message = error.message.includes(place) ? error.message : `${place}: ${error.message}`;
  return new ErganeError(error.code, message, { where, cause: error });
}
