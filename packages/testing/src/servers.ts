import type { TestContext } from 'node:test';

/** The real servers that tests may ask for. `npm run servers start <name>` starts one and prints its variable. */
export const SERVER_VARIABLES = {
  postgresql: 'ERGANE_TEST_POSTGRESQL',
  mysql: 'ERGANE_TEST_MYSQL',
  mariadb: 'ERGANE_TEST_MARIADB',
  dynamodb: 'ERGANE_TEST_DYNAMODB',
  s3: 'ERGANE_TEST_S3',
  aws: 'ERGANE_TEST_AWS',
  redis: 'ERGANE_TEST_REDIS',
} as const;

export type ServerName = keyof typeof SERVER_VARIABLES;

/**
 * The URL of a real server (`postgres://user:password@host:port/db`, `mysql://…`, `http://key:secret@host:port` for DynamoDB, S3 and AWS (moto)).
 * Where there is none the test is skipped, with `CI=true` it fails.
 */
export function requireServer(context: Pick<TestContext, 'skip'>, name: ServerName): URL | undefined {
  const text = process.env[SERVER_VARIABLES[name]];
  if (text !== undefined) return new URL(text);
  skipUnlessCi(
    context,
    `no ${name} server: run "npm test", or "npm run servers start ${name}" and set ${SERVER_VARIABLES[name]}`,
  );
  return undefined;
}

/** Skips the test, or fails it when `CI=true`: in CI everything that a test needs must be there. */
export function skipUnlessCi(context: Pick<TestContext, 'skip'>, reason: string): void {
  if (process.env['CI'] === 'true') throw new Error(`CI=true and ${reason}`);
  context.skip(reason);
}
