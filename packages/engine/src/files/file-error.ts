import { ErganeError } from '@ergane/protocol';
import type { FileScan } from './open-file-scan.ts';
import { locateLine } from './locate-line.ts';
import { LINE_MARK } from './text/hive-value.ts';

/** A file of the query: as the user knows it, and where DuckDB reads it. */
interface KnownFile {
  readonly url: string;
  readonly path: string;
}

/**
 * An error of DuckDB's that is about a file, as one that names the file by its `s3://` address, and the line where that can be known:
 * FILE_INVALID, or SOURCE_CHANGED for a file that is not there any more. Other errors stay as they are.
 */
export async function describeFileError(error: unknown, scans: readonly FileScan[]): Promise<unknown> {
  if (!(error instanceof ErganeError)) return error;
  const files = scans.flatMap(({ listing, paths }) =>
    listing.files.flatMap(({ bucket, object }, index): readonly KnownFile[] => {
      const path = paths[index];
      return path === undefined ? [] : [{ url: `s3://${bucket}/${object.key}`, path }];
    }),
  );
  const [text = '', line] = error.message.split(LINE_MARK, 2);
  const file = files.find(({ path, url }) => text.includes(path) || (line !== undefined && text.endsWith(url)));
  if (file === undefined) return error;
  const where = { ...error.where, file: file.url };
  if (line !== undefined) {
    const number = await locateLine(file.path, line);
    const message = number === undefined ? text : `${text}, line ${number}`;
    return new ErganeError(error.code, message, { where: { ...where, ...(number && { line: number }) }, cause: error });
  }
  const message = text.replaceAll(file.path, file.url);
  if (error.code !== 'INTERNAL') return new ErganeError(error.code, message, { where, cause: error });
  if (/No files found|[Cc]annot open file|No such file|HTTP 404|404 \(Not Found\)|ETag/.test(text))
    return new ErganeError(
      'SOURCE_CHANGED',
      `${file.url} was replaced or removed while it was read: run the query again`,
      { where, cause: error },
    );
  return new ErganeError('FILE_INVALID', `${file.url} cannot be read: ${shorten(message)}`, { where, cause: error });
}

/** Of what DuckDB's readers say: the line of a text file, the reason, and no hints for users of its own SQL. */
function shorten(message: string): string {
  const csv = /CSV Error on Line: (\d+)\n(?:Original Line: [^\n]*\n)?([^\n]*)/.exec(message);
  if (csv !== null) return `line ${csv[1] ?? ''}: ${csv[2] ?? ''}`;
  return message.replace(/^DuckDB: /, '').replace(/\n\s*\n[\s\S]*$/, '');
}
