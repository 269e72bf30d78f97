import { ErganeError } from '@ergane/protocol';

export interface S3Location {
  readonly bucket: string;
  /** no leading slash; ends with a slash unless it is empty */
  readonly prefix: string;
}

/** @throws ErganeError INVALID_FUNCTION_ARGUMENT */
export function parseS3Location(location: string): S3Location {
  const found = /^s3[an]?:\/\/([^/]+)(?:\/+(.*))?$/s.exec(location);
  const bucket = found?.[1];
  if (bucket === undefined)
    throw new ErganeError(
      'INVALID_FUNCTION_ARGUMENT',
      `location "${location}" must have the form s3://bucket/folder/`,
      { where: { setting: 'LOCATION' } },
    );
  const prefix = (found?.[2] ?? '').replace(/\/+$/, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}

export function printS3Location({ bucket, prefix }: S3Location): string {
  return `s3://${bucket}/${prefix}`;
}
