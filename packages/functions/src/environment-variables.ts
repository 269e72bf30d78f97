import type { ResolvedFunction } from './resolve-function.ts';

/** What of the host's own environment a function may see. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ'] as const;

/**
 * The whole environment of one execution environment: what Lambda defines
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), the function's own, and `PASSED_ON` of the host's.
 * The function's own win over the host's and over AWS_REGION; Lambda's reserved names win over all.
 */
export function environmentVariables(
  resolved: ResolvedFunction,
  instance: { readonly runtimeApi: string; readonly logStream: string; readonly provisioned: boolean },
): Record<string, string> {
  const variables: Record<string, string> = { TZ: 'UTC', LANG: 'C.UTF-8' };
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) variables[name] = value;
  }
  return {
    ...variables,
    AWS_REGION: resolved.region,
    AWS_DEFAULT_REGION: resolved.region,
    ...resolved.environment,
    AWS_LAMBDA_FUNCTION_NAME: resolved.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(Math.round(resolved.memoryMb)),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${resolved.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: instance.logStream,
    AWS_LAMBDA_INITIALIZATION_TYPE: instance.provisioned ? 'provisioned-concurrency' : 'on-demand',
    AWS_LAMBDA_RUNTIME_API: instance.runtimeApi,
    LAMBDA_TASK_ROOT: resolved.directory,
    _HANDLER: resolved.handler,
  };
}
