import type { ServerGreeting } from './wire/handshake.ts';

/** The version as a number to compare: 8.0.15 is 80015. */
function versionNumber({ version }: ServerGreeting): number {
  const [major = 0, minor = 0, patch = 0] = (/^\d+(\.\d+)*/.exec(version)?.[0] ?? '').split('.').map(Number);
  return major * 10_000 + minor * 100 + patch;
}

/**
 * What every session is told once, so that nothing depends on the server's defaults: UTC, UTF-8, standard reading of SQL, only
 * reading, statistics as they are now, and patience with a reader that is slow.
 */
export function sessionSettings(greeting: ServerGreeting): string {
  const version = versionNumber(greeting);
  const readOnly = greeting.isMariaDb || version < 50_720 ? 'tx_read_only' : 'transaction_read_only';
  const variables = [
    'NAMES utf8mb4',
    "time_zone = '+00:00'",
    "sql_mode = ''",
    'autocommit = 1',
    'net_write_timeout = 900',
    `${readOnly} = 1`,
    // MySQL 8 shows the row counts of yesterday otherwise
    ...(!greeting.isMariaDb && version >= 80_000 ? ['information_schema_stats_expiry = 0'] : []),
  ];
  return `SET ${variables.join(', ')}`;
}

/** Undefined where the server cannot limit the time of a statement. */
export function statementTimeLimit(greeting: ServerGreeting, seconds: number): string | undefined {
  if (greeting.isMariaDb) return `SET max_statement_time = ${seconds}`;
  return versionNumber(greeting) >= 50_708 ? `SET max_execution_time = ${seconds * 1000}` : undefined;
}
