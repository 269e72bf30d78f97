import { ErganeError } from '@ergane/protocol';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where objects go: the store, as `openStore` of @ergane/storage takes it, with bucket and prefix (`''`, or without a slash at its end). */
export interface StorePlace {
  readonly url: string;
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * A `store` setting: a folder (its name is the bucket), `s3://bucket/prefix?region=…`, or `s3+http://key:secret@host:port/bucket/prefix`.
 * @throws ErganeError CONFIG_INVALID that names the setting
 */
export function parseStorePlace(text: string, folder: string, setting: string): StorePlace {
  if (/^s3(\+https?)?:/i.test(text)) return parseS3(text, setting);
  if (/^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    const message = `${setting}: "${text}" is no store: write a folder, s3://bucket/prefix or s3+http://key:secret@host:port/bucket/prefix`;
    throw new ErganeError('CONFIG_INVALID', message, { where: { setting } });
  }
  const place = path.resolve(folder, text.startsWith('file:') ? fileURLToPath(text) : text);
  return { url: path.dirname(place), bucket: path.basename(place), prefix: '' };
}

function parseS3(text: string, setting: string): StorePlace {
  const url = new URL(text.replace(/^s3\+/i, ''));
  const isAws = url.protocol === 's3:';
  const parts = (isAws ? `${url.host}${url.pathname}` : url.pathname).split('/').filter((part) => part !== '');
  const [bucket, ...rest] = parts;
  if (bucket === undefined) {
    const message = `${setting}: "${text}" names no bucket: write ${isAws ? 's3://bucket/prefix' : `${text.replace(/\/$/, '')}/bucket/prefix`}`;
    throw new ErganeError('CONFIG_INVALID', message, { where: { setting } });
  }
  const user = url.username === '' ? '' : `${url.username}:${url.password}@`;
  const store = isAws ? `s3://${url.search}` : `s3+${url.protocol}//${user}${url.host}${url.search}`;
  return { url: store, bucket, prefix: rest.join('/') };
}

export const isDirectory = ({ url }: { readonly url: string }): boolean => !/^s3(\+https?)?:/i.test(url);
