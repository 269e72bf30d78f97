import { ErganeError } from '@ergane/protocol';
import type { ErrorCode, ErrorWhere } from '@ergane/protocol';

/** Where a call to the server was made for. */
export interface SourceContext {
  readonly catalog: string;
  /** host:port, and the setting that named it */
  readonly server: string;
  readonly setting: string;
  readonly user: string;
  readonly schema?: string;
  readonly table?: string;
  /** the columns of text that are read: the server does not say which of them it stumbled over */
  readonly texts?: readonly string[];
}

/** SQLSTATE classes and codes (PostgreSQL documentation, appendix A), the first that fits. */
const BY_STATE: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [/^28/, 'SOURCE_ACCESS_DENIED', 'check user and password in the connection string'],
  [/^42501$/, 'SOURCE_ACCESS_DENIED', "grant the connector's user SELECT on it"],
  [/^3D000$/, 'CONFIG_INVALID', 'check the database in the connection string'],
  [/^(42P01|42703|42704|3F000)$/, 'SOURCE_CHANGED', 'the table changed since it was planned: run the statement again'],
  [/^42601$/, 'SYNTAX_ERROR', 'the native query is not valid PostgreSQL'],
  [/^(25006|0A000)$/, 'NOT_SUPPORTED', 'the connector reads in read-only transactions'],
  [/^57014$/, 'SOURCE_FAILED', 'the server cancelled it: see its statement_timeout'],
  [/^(53|40001|40P01)/, 'SOURCE_THROTTLED', 'the server is short of resources: lower the concurrency of the function'],
  [/^(08|57P)/, 'SOURCE_UNREACHABLE', 'the server ended the connection: see its log'],
];

const TLS = /SSL|TLS|certificate|CERT|self.signed|altnames/i;
const NETWORK: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host: check the host in the connection string',
  EAI_AGAIN: 'its name could not be resolved: check the host and the network',
  ECONNREFUSED: 'nothing listens there: check host and port, and that the server runs',
  EHOSTUNREACH: 'there is no route to it: check the network of the function',
  ENETUNREACH: 'there is no route to it: check the network of the function',
  ETIMEDOUT: 'it does not answer: check security groups and firewalls',
};

/** Turns an error of the driver or the socket into one that says where, why and what to do; an ErganeError stays what it is. */
export function toSourceError(error: unknown, context: SourceContext): ErganeError {
  if (error instanceof ErganeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const state = codeOf(error);
  const { catalog, server, setting, user, schema, table, texts = [] } = context;
  const where: ErrorWhere = {
    catalog,
    ...(schema !== undefined && { schema }),
    ...(table !== undefined && { table }),
  };
  const what = table === undefined ? `catalog ${catalog}` : `${catalog}.${schema}.${table}`;
  const tell = (code: ErrorCode, advice: string, more: ErrorWhere = {}): ErganeError =>
    new ErganeError(
      code,
      `PostgreSQL at ${server} (${what}, user ${user}, setting ${setting}): ${message}; ${advice}`,
      {
        where: { ...where, ...more },
        cause: error,
      },
    );
  if (state === '22021')
    return tell(
      'SOURCE_DATA_INVALID',
      `text of ${describeTexts(texts)} is not valid UTF-8: cast it to bytea in a native query, or leave it out`,
      { sqlState: state, ...(texts.length === 1 && { column: texts[0] }) },
    );
  const network = NETWORK[state];
  if (network !== undefined) return tell('SOURCE_UNREACHABLE', network, { setting });
  if (/^[0-9A-Z]{5}$/.test(state) && !/^E[A-Z]{4}$/.test(state)) {
    const found = BY_STATE.find(([pattern]) => pattern.test(state));
    const [, code, advice] = found ?? [undefined, 'SOURCE_FAILED' as const, `SQLSTATE ${state}`];
    return tell(code, advice, state.startsWith('28') || state === '3D000' ? { setting } : { sqlState: state });
  }
  if (TLS.test(message) || TLS.test(state))
    return tell('CONFIG_INVALID', 'check sslmode and sslrootcert in the connection string', { setting });
  if (/password/i.test(message))
    return tell('SOURCE_ACCESS_DENIED', 'check user and password in the connection string', { setting });
  return tell('SOURCE_UNREACHABLE', 'the connection broke: see the log of the server', { setting });
}

const SHOWN = 5;

function describeTexts(texts: readonly string[]): string {
  if (texts.length === 0) return 'the database';
  const shown = texts.slice(0, SHOWN).map((name) => `"${name}"`);
  const rest = texts.length > SHOWN ? ` or one of ${texts.length - SHOWN} more columns` : '';
  return `column ${shown.join(' or ')}${rest}`;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // AggregateError of a host with several addresses
  if ('errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
  return /timeout/i.test(String(error)) ? 'ETIMEDOUT' : '';
}
