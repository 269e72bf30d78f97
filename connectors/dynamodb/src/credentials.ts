import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';
import type { ClientConfig } from './config.ts';

/**
 * The credentials of the function's settings; without them those that the AWS SDK finds (a role, a profile). With `roleArn` the role of
 * another account, assumed with them (AWS: `cross_account_role_arn`); the AWS client asks again before they expire.
 */
export function makeCredentials(config: ClientConfig): AwsCredentialIdentity | AwsCredentialIdentityProvider {
  const own = config.accessKey ?? defaultChain(config);
  return config.roleArn === undefined ? own : assumeRole(config.roleArn, own, config);
}

function defaultChain(config: ClientConfig): AwsCredentialIdentityProvider {
  let provider: AwsCredentialIdentityProvider | undefined;
  return async (identity) => {
    if (provider === undefined) {
      const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
      provider = defaultProvider(config.region === undefined ? {} : { clientConfig: { region: config.region } });
    }
    return provider(identity);
  };
}

function assumeRole(
  roleArn: string,
  own: AwsCredentialIdentity | AwsCredentialIdentityProvider,
  { region, roleEndpoint }: ClientConfig,
): AwsCredentialIdentityProvider {
  return async () => {
    const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts');
    const client = new STSClient({
      credentials: own,
      ...(region !== undefined && { region }),
      ...(roleEndpoint !== undefined && { endpoint: roleEndpoint }),
    });
    try {
      const { Credentials } = await client.send(
        new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'ergane-dynamodb' }),
      );
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
      if (AccessKeyId === undefined || SecretAccessKey === undefined)
        throw new Error(`AWS STS gave no credentials for ${roleArn}`);
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        ...(SessionToken !== undefined && { sessionToken: SessionToken }),
        ...(Expiration !== undefined && { expiration: Expiration }),
      };
    } finally {
      client.destroy();
    }
  };
}
