import { ErganeError } from '@ergane/protocol';
import { openDirectoryStore } from './directory-store.ts';
import type { ObjectStore } from './object-store.ts';
import { openS3Store } from './s3-store.ts';

/**
 * The store that a setting names:
 * - a path or `file:///…`: a folder
 * - `s3://…`: AWS S3 (`?region=`); bucket and prefix of such a URL are the caller's matter
 * - `s3+http://key:secret@host:port`, `s3+https://…`: another server of the S3 API
 * @throws ErganeError CONFIG_INVALID
 */
export function openStore(url: string): ObjectStore {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined || scheme === 'file') return openDirectoryStore(url);
  if (scheme === 's3') {
    const region = new URL(url).searchParams.get('region');
    return openS3Store(region === null ? {} : { region });
  }
  if (scheme === 's3+http' || scheme === 's3+https') return openEndpoint(new URL(url.slice('s3+'.length)));
  throw new ErganeError(
    'CONFIG_INVALID',
    `"${scheme}:" is no kind of store: use a path, file:///…, s3://… or s3+http://key:secret@host:port`,
  );
}

function openEndpoint(url: URL): ObjectStore {
  const region = url.searchParams.get('region');
  return openS3Store({
    endpoint: url.origin,
    forcePathStyle: true,
    ...(region === null ? {} : { region }),
    ...(url.username === ''
      ? {}
      : {
          credentials: {
            accessKeyId: decodeURIComponent(url.username),
            secretAccessKey: decodeURIComponent(url.password),
          },
        }),
  });
}
