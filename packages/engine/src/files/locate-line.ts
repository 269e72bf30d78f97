import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/**
 * The number, from 1, of the first line that begins with this text; undefined where it cannot be told. Read only after an error: while
 * a file is read well nobody counts its lines.
 */
export async function locateLine(path: string, text: string): Promise<number | undefined> {
  if (path.startsWith('s3://') || /\.zst$/i.test(path)) return undefined;
  const file = createReadStream(path);
  const source = /\.gz$/i.test(path) ? file.pipe(createGunzip()) : file;
  try {
    let number = 0;
    for await (const line of createInterface({ input: source, crlfDelay: Infinity })) {
      number++;
      if (line === text || (text.length >= 1000 && line.startsWith(text))) return number;
    }
    return undefined;
  } catch {
    // what is wrong with the file is known already; that its lines cannot be counted is no other error
    return undefined;
  } finally {
    file.destroy();
  }
}
