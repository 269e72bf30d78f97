import type * as S3 from '@aws-sdk/client-s3';
import type { ObjectInfo, ObjectStore } from './object-store.ts';
import { checkName, notFound, storeFailed } from './store-error.ts';

export interface S3StoreOptions {
  /** default: AWS, or AWS_ENDPOINT_URL_S3 */
  readonly endpoint?: string;
  /** default: AWS's own search; `us-east-1` with an endpoint */
  readonly region?: string;
  /** default: AWS's own search */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** `http://host/bucket/key` instead of `http://bucket.host/key`; default: with an endpoint */
  readonly forcePathStyle?: boolean;
}

/** A store in S3 or what speaks its API. The AWS SDK is loaded at the first use. */
export function openS3Store(options: S3StoreOptions = {}): ObjectStore {
  const location = options.endpoint === undefined ? 's3://' : `s3:// at ${options.endpoint}`;
  let loading: Promise<{ sdk: typeof S3; client: S3.S3Client }> | undefined;
  const load = () => (loading ??= loadClient(options));
  const abort = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { abortSignal: signal });
  return {
    location,
    async put(bucket, key, bytes, { headers = {}, signal } = {}) {
      checkName(location, bucket, key);
      const body = bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes);
      try {
        const { sdk, client } = await load();
        const command = new sdk.PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentLength: body.length,
        });
        command.middlewareStack.add(addHeaders(headers), { step: 'build', name: 'extraHeaders' });
        await client.send(command, abort(signal));
      } catch (cause) {
        throw storeFailed('put', { location, bucket, key }, cause);
      }
    },
    async get(bucket, key, { range, signal } = {}) {
      checkName(location, bucket, key);
      if (range !== undefined && range.end <= range.start) return new Uint8Array(0);
      try {
        const { sdk, client } = await load();
        const { Body } = await client.send(
          new sdk.GetObjectCommand({
            Bucket: bucket,
            Key: key,
            ...(range === undefined ? {} : { Range: `bytes=${range.start}-${range.end - 1}` }),
          }),
          abort(signal),
        );
        return Body === undefined ? new Uint8Array(0) : await Body.transformToByteArray();
      } catch (cause) {
        if (nameOf(cause) === 'InvalidRange') return new Uint8Array(0);
        if (nameOf(cause) === 'NoSuchKey') throw notFound({ location, bucket, key }, cause);
        throw storeFailed('get', { location, bucket, key }, cause);
      }
    },
    async head(bucket, key) {
      checkName(location, bucket, key);
      try {
        const { sdk, client } = await load();
        const answer = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }));
        return makeInfo(key, answer.ContentLength, answer.ETag, answer.LastModified);
      } catch (cause) {
        if (nameOf(cause) === 'NotFound') return undefined;
        throw storeFailed('head', { location, bucket, key }, cause);
      }
    },
    async *list(bucket, prefix) {
      checkName(location, bucket);
      try {
        const { sdk, client } = await load();
        for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
          for (const item of page.Contents ?? [])
            if (item.Key !== undefined && !item.Key.endsWith('/'))
              yield makeInfo(item.Key, item.Size, item.ETag, item.LastModified);
      } catch (cause) {
        throw storeFailed('list', { location, bucket, key: prefix }, cause);
      }
    },
    async delete(bucket, keys) {
      for (const key of keys) checkName(location, bucket, key);
      for (let from = 0; from < keys.length; from += 1000) {
        const page = keys.slice(from, from + 1000);
        try {
          const { sdk, client } = await load();
          const { Errors } = await client.send(
            new sdk.DeleteObjectsCommand({
              Bucket: bucket,
              Delete: { Objects: page.map((Key) => ({ Key })), Quiet: true },
            }),
          );
          const failed = Errors?.find((error) => error.Code !== 'NoSuchKey');
          if (failed !== undefined)
            throw Object.assign(new Error(failed.Message ?? failed.Code), { name: failed.Code ?? 'Error' });
        } catch (cause) {
          throw storeFailed('delete', { location, bucket, key: page[0] ?? '' }, cause);
        }
      }
    },
    async [Symbol.asyncDispose]() {
      if (loading !== undefined) (await loading).client.destroy();
    },
  };
}

async function loadClient(options: S3StoreOptions) {
  const sdk = await import('@aws-sdk/client-s3');
  const hasEndpoint = options.endpoint !== undefined || process.env['AWS_ENDPOINT_URL_S3'] !== undefined;
  const client = new sdk.S3Client({
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.region !== undefined
      ? { region: options.region }
      : options.endpoint !== undefined
        ? { region: 'us-east-1' }
        : {}),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    forcePathStyle: options.forcePathStyle ?? hasEndpoint,
  });
  return { sdk, client };
}

function makeInfo(key: string, size?: number, etag?: string, modified?: Date): ObjectInfo {
  return {
    key,
    size: size ?? 0,
    etag: (etag ?? '').replace(/^"|"$/g, ''),
    lastModified: modified?.getTime() ?? 0,
  };
}

function nameOf(cause: unknown): string | undefined {
  return cause instanceof Error ? cause.name : undefined;
}

/** Request headers such as `x-amz-server-side-encryption`, signed with the rest. */
function addHeaders(headers: Readonly<Record<string, string>>) {
  return <Input extends { request: unknown }, Output>(next: (input: Input) => Promise<Output>) =>
    (input: Input): Promise<Output> => {
      const { request } = input;
      if (typeof request === 'object' && request !== null && 'headers' in request) {
        Object.assign(request.headers ?? {}, headers);
      }
      return next(input);
    };
}
