import { ErganeError } from '@ergane/protocol';

export interface ObjectWhere {
  readonly location: string;
  readonly bucket: string;
  readonly key?: string;
}

type Operation = 'put' | 'get' | 'head' | 'list' | 'delete';

/** What to do about a failure, by the code of Node, S3 or the network. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free space, or use another store',
  EDQUOT: 'the disk quota is used up: free space, or use another store',
  EFBIG:
    'a file may not be that large there: raise the limit of this process (ulimit -f) or of the file system, or use another store',
  EACCES: 'give this user permission to write and read there, or use another folder',
  EPERM: 'give this user permission to write and read there, or use another folder',
  EROFS: 'the file system is read-only: use another folder',
  ENOTDIR: 'a file stands where a folder is needed: remove it, or use another folder',
  EEXIST: 'a file stands where a folder is needed: remove it, or use another folder',
  EISDIR: 'a folder stands where the object would be: use another key',
  ENAMETOOLONG: 'a part of the key is longer than a file name may be: use a shorter key, or an S3 store',
  EMFILE: 'too many open files: raise the limit (ulimit -n)',
  NoSuchBucket: 'make the bucket, or name another one',
  AccessDenied: 'give these credentials permission for the bucket',
  InvalidAccessKeyId: 'check the access key',
  SignatureDoesNotMatch: 'check the secret key and the region',
  CredentialsProviderError: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or another source of AWS credentials',
  ECONNREFUSED: 'check that the endpoint is right and its server runs',
  ENOTFOUND: 'check the host name of the endpoint',
};

/** The message names the store, bucket, key, cause and what to do. An abort stays what it is. */
export function storeFailed(operation: Operation, where: ObjectWhere, cause: unknown): unknown {
  if (cause instanceof ErganeError) return cause;
  if (cause instanceof Error && cause.name === 'AbortError') return cause;
  const code = codeOf(cause);
  const advice = code === undefined ? undefined : ADVICE[code];
  const reason = cause instanceof Error ? cause.message || code || cause.name : String(cause);
  return new ErganeError(
    'STORE_FAILED',
    `${operation} of ${describe(where)} failed: ${reason}${advice === undefined ? '' : `; ${advice}`}`,
    { where: { store: where.location, bucket: where.bucket, key: where.key }, cause },
  );
}

export function notFound(where: ObjectWhere, cause?: unknown): ErganeError {
  return new ErganeError('OBJECT_NOT_FOUND', `there is no object ${describe(where)}`, {
    where: { store: where.location, bucket: where.bucket, key: where.key },
    cause,
  });
}

/** Refuses names that are no object of the bucket: both stores take the same names. */
export function checkName(location: string, bucket: string, key?: string): void {
  const parts = key === undefined ? [bucket] : [bucket, ...key.split('/')];
  const bad = parts.find((part) => part === '' || part === '.' || part === '..' || part.includes('\0'));
  if (bad === undefined && !bucket.includes('/') && !bucket.includes('\\')) return;
  throw new ErganeError(
    'STORE_FAILED',
    `${describe({ location, bucket, ...(key === undefined ? {} : { key }) })} is no valid name: its parts must not be empty, "." or ".."`,
    { where: { store: location, bucket, key } },
  );
}

function describe(where: ObjectWhere): string {
  return `"${where.key ?? ''}" in bucket "${where.bucket}" of store ${where.location}`;
}

/** Node's `code`, or S3's `name`; the AWS SDK hides a connection's own error in `cause` or `$response`. */
function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  if ('code' in cause && typeof cause.code === 'string' && cause.code in ADVICE) return cause.code;
  if (cause.name in ADVICE) return cause.name;
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0]);
  return codeOf(cause.cause);
}
