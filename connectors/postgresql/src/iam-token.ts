import type { PostgresqlConfig } from './config.ts';

/**
 * A token of RDS's IAM database authentication (Amazon RDS User Guide, "IAM database authentication"), when the connection string says
 * `iam_auth=true`. It is valid for 15 minutes, long enough to open a connection. AWS's signer is loaded at the first one.
 */
export async function findIamToken({ iamAuth, host, port, user }: PostgresqlConfig): Promise<string | undefined> {
  if (!iamAuth) return undefined;
  const { Signer } = await import('@aws-sdk/rds-signer');
  return await new Signer({ hostname: host, port, username: user }).getAuthToken();
}
