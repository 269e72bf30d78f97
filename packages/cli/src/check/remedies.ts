import { ErganeError, type ErrorCode } from '@ergane/protocol';

/** What to do about an error, beyond what its own message says. */
const REMEDIES: Readonly<Partial<Record<ErrorCode, string>>> = {
  SOURCE_UNREACHABLE:
    'Is the host name right, does the server run, and may this machine reach its port (firewall, VPN, security group)?',
  SOURCE_ACCESS_DENIED:
    'Are user and password right, and may this user read the schema? The settings are in the "env" of the catalog.',
  SOURCE_THROTTLED: 'The source limits its clients: set a lower "concurrency" for the catalog, or try again later.',
  SECRET_NOT_FOUND: 'Set ERGANE_SECRET_<NAME> for this command, or make the secret in AWS Secrets Manager.',
  FUNCTION_CRASHED:
    'The function does not start or ended: run its "command" by hand to see why. For a package of npm, is it installed?',
  FUNCTION_TIMED_OUT: 'Set a higher "timeoutSeconds" for the catalog, or look why the source is slow.',
  FUNCTION_OUT_OF_MEMORY: 'Set a higher "memoryMb" for the catalog.',
  FUNCTION_NOT_CONFIGURED: 'Is the name of the function right, and is it deployed in this region?',
  SPILL_FAILED: 'Is the spill store writable (spill.store), and is there space?',
  STORE_FAILED: 'Is the store right, writable, and is there space? The setting is "store" of spill, results or s3.',
  PROTOCOL_INVALID:
    'The function does not speak the protocol of Athena Query Federation as it should: is it a connector?',
};

export function findRemedy(error: unknown): string | undefined {
  return error instanceof ErganeError ? REMEDIES[error.code] : undefined;
}
