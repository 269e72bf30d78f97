import type { MysqlConfig } from './config.ts';

/** A password of RDS's IAM authentication, good for 15 minutes. The AWS client is loaded when it is needed. */
export async function makeIamToken({ host, port, user }: MysqlConfig, region: string): Promise<string> {
  const { Signer } = await import('@aws-sdk/rds-signer');
  return new Signer({ hostname: host, port, username: user, region }).getAuthToken();
}
