import { ErganeError } from '@ergane/protocol';
import type { ErrorCode, ErrorWhere } from '@ergane/protocol';
import type { MysqlConfig } from './config.ts';
import { MysqlError } from './wire/mysql-error.ts';
import { ConnectionLost } from './wire/packet-stream.ts';

const ACCESS_DENIED = new Set([1044, 1045, 1095, 1142, 1143, 1227, 1370, 1698, 3118, 3159, 4151]);
/** too many connections, of a user, queries an hour; and what MariaDB and Aurora say when they are full */
const THROTTLED = new Set([1040, 1203, 1226, 1041, 3168]);
const LOST = new Set([1053, 1077, 1078, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 4031]);
/** no such table, column, partition: gone since the query was planned */
const CHANGED = new Set([1054, 1146, 1176, 1412, 1735]);
const TIME_OVER = new Set([1969, 3024]);
const TOO_LARGE = new Set([1153, 1301]);
const READ_ONLY = new Set([1792, 1290, 1836]);

/** An error of the server or the network as an error of Ergane's, which says where it was and what to do. */
export function toErganeError(error: unknown, config: MysqlConfig, where: ErrorWhere = {}): unknown {
  if (error instanceof ErganeError) return error;
  if (error instanceof MysqlError) return translateServerError(error, config, where);
  if (error instanceof ConnectionLost)
    return new ErganeError(
      'SOURCE_UNREACHABLE',
      `the connection to ${address(config)} was closed while ${reading(where)}: the server was stopped or restarted, or ended the connection`,
      { where, cause: error },
    );
  if (error instanceof Error && 'code' in error) return translateNetworkError(error, config, where);
  return error;
}

export function isThrottle(error: unknown): boolean {
  return error instanceof MysqlError && THROTTLED.has(error.errno);
}

/** The connection is no more: closed by the server or the network. */
export function isLost(error: unknown): boolean {
  if (error instanceof MysqlError) return LOST.has(error.errno);
  if (error instanceof ConnectionLost) return true;
  return error instanceof Error && 'code' in error && (error.code === 'EPIPE' || error.code === 'ECONNRESET');
}

function translateServerError(error: MysqlError, config: MysqlConfig, where: ErrorWhere): ErganeError {
  const { errno } = error;
  const make = (code: ErrorCode, text: string): ErganeError =>
    new ErganeError(code, text, { where: { ...where, errno, sqlState: error.sqlState }, cause: error });
  const said = `${address(config)} said: ${error.message} (error ${errno})`;
  if (errno === 1045 || errno === 1698)
    return make(
      'SOURCE_ACCESS_DENIED',
      `cannot log in as "${config.user}": check user and password in the setting ${config.setting}; ${said}`,
    );
  if (ACCESS_DENIED.has(errno))
    return make(
      'SOURCE_ACCESS_DENIED',
      `"${config.user}" may not do this while ${reading(where)}: grant it SELECT; ${said}`,
    );
  if (THROTTLED.has(errno))
    return make(
      'SOURCE_THROTTLED',
      `the server takes no more connections: lower the function's reserved concurrency or raise max_connections; ${said}`,
    );
  if (errno === 1049) return make('SCHEMA_NOT_FOUND', `check the database in the setting ${config.setting}; ${said}`);
  if (CHANGED.has(errno) && where.table !== undefined)
    return make(
      'SOURCE_CHANGED',
      `${reading(where)} failed, because the table is no longer what it was when the query was planned: run the query again; ${said}`,
    );
  if (TIME_OVER.has(errno))
    return make(
      'SPLIT_TOO_LARGE',
      `${reading(where)} took longer than the function may run: raise its time-out or ask for less; ${said}`,
    );
  if (TOO_LARGE.has(errno))
    return make(
      'SOURCE_FAILED',
      `${reading(where)} failed: the statement or a row is larger than the server's max_allowed_packet: raise it, or ask with fewer or shorter values; ${said}`,
    );
  if (READ_ONLY.has(errno)) return make('NOT_SUPPORTED', `only statements that read are allowed; ${said}`);
  if (errno === 1064 && where.table === undefined) return make('SYNTAX_ERROR', `the native query is wrong; ${said}`);
  if (LOST.has(errno))
    return make('SOURCE_UNREACHABLE', `the server ended the connection while ${reading(where)}; ${said}`);
  return make('SOURCE_FAILED', `${reading(where)} failed; ${said}`);
}

const NETWORK_ADVICE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host name is unknown: check it',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNREFUSED: 'nothing listens there: check host and port, and that the server runs',
  EHOSTUNREACH: 'there is no route to it: check the network and security group',
  ENETUNREACH: 'there is no route to it: check the network and security group',
  ETIMEDOUT: 'it did not answer: check the network and security group',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
};

function translateNetworkError(error: Error & { code: unknown }, config: MysqlConfig, where: ErrorWhere): unknown {
  const code = String(error.code);
  const advice = NETWORK_ADVICE[code];
  const at = { ...where, host: config.host, port: config.port };
  if (advice !== undefined)
    return new ErganeError(
      'SOURCE_UNREACHABLE',
      `cannot reach ${address(config)} (${code}): ${advice}; setting ${config.setting}`,
      {
        where: at,
        cause: error,
      },
    );
  if (!/^ERR_TLS|^ERR_SSL|CERT|SELF_SIGNED|UNABLE_TO/.test(code)) return error;
  return new ErganeError(
    'SOURCE_UNREACHABLE',
    `TLS with ${address(config)} failed (${error.message}): check sslMode and sslCa (a PEM file with the authority's certificate) in the setting ${config.setting}`,
    { where: at, cause: error },
  );
}

function address({ host, port }: MysqlConfig): string {
  return `${host}:${port}`;
}

function reading({ schema, table }: ErrorWhere): string {
  return table === undefined ? 'running the query' : `reading ${schema ?? ''}.${table}`;
}
