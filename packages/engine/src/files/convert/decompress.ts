import { ErganeError } from '@ergane/protocol';
import { createReadStream, createWriteStream } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflate } from 'node:zlib';
import { decompress as decompressLz4, decompressBlock } from 'lz4js';
import { uncompress } from 'snappyjs';
import bunzip2 from 'unbzip2-stream';
import type { FileConversion } from './file-conversion.ts';

/** LZ4's frame begins so; Hadoop's blocks do not. */
const LZ4_FRAME = 0x184d2204;

/**
 * The compressions of text that Athena lists and DuckDB lacks (https://docs.aws.amazon.com/athena/latest/ug/compression-formats.html);
 * gzip and Zstandard are DuckDB's own.
 */
export const decompressions: readonly (FileConversion & { readonly extension: string })[] = [
  {
    extension: '.bz2',
    name: 'bunzip2.txt',
    convert: (source, target) => writeAll(bunzip(createReadStream(source)), target),
  },
  {
    extension: '.deflate',
    name: 'inflate.txt',
    convert: (source, target) => pipeline(createReadStream(source), createInflate(), createWriteStream(target)),
  },
  {
    extension: '.snappy',
    name: 'unsnappy.txt',
    convert: (source, target) => writeAll(hadoopBlocks(createReadStream(source), uncompress), target),
  },
  {
    extension: '.lz4',
    name: 'unlz4.txt',
    convert: (source, target) => writeAll(lz4Pieces(source), target),
  },
  ...['.lzo', '.lzop'].map((extension) => ({
    extension,
    name: 'lzo',
    convert: () =>
      Promise.reject(
        new ErganeError('NOT_SUPPORTED', 'text compressed by LZO cannot be read: compress it by another way'),
      ),
  })),
];

/** The library's streams are of Node's oldest kind. */
export function bunzip(source: Readable): Readable {
  const inflated = bunzip2();
  const plain = new PassThrough();
  for (const stream of [source, inflated]) stream.on('error', (error: Error) => plain.destroy(error));
  source.pipe(inflated).pipe(plain);
  return plain;
}

function writeAll(pieces: AsyncIterable<Uint8Array>, target: string): Promise<void> {
  return pipeline(Readable.from(pieces), createWriteStream(target));
}

async function* lz4Pieces(source: string): AsyncGenerator<Uint8Array> {
  const file = new PieceReader(createReadStream(source));
  const first = await file.read(4);
  if (first === undefined) return;
  if (first.readUInt32LE(0) === LZ4_FRAME) {
    // the library knows frames as a whole alone
    yield decompressLz4(Buffer.concat([first, await file.rest()]));
    return;
  }
  yield* hadoopBlocks(file.after(first), (block, length) => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, decompressBlock(block, bytes, 0, block.length, 0));
  });
}

/**
 * Hadoop's BlockCompressorStream: blocks of a length, then of chunks that each have a length and together make the block. All lengths
 * are of four bytes, the highest first.
 */
async function* hadoopBlocks(
  source: AsyncIterable<Uint8Array>,
  decompress: (chunk: Uint8Array, length: number) => Uint8Array,
): AsyncGenerator<Uint8Array> {
  const file = new PieceReader(source);
  for (;;) {
    const head = await file.read(4);
    if (head === undefined) return;
    const length = head.readUInt32BE(0);
    for (let done = 0; done < length;) {
      const size = (await file.require(4)).readUInt32BE(0);
      const piece = decompress(await file.require(size), length - done);
      if (piece.length === 0) throw new Error('a compressed block holds nothing');
      done += piece.length;
      yield piece;
    }
  }
}

/** Reads so many bytes at a time from a stream of pieces of any size. */
class PieceReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #left: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** undefined at the end */
  async read(length: number): Promise<Buffer | undefined> {
    const pieces = [this.#left];
    let size = this.#left.length;
    while (size < length) {
      const next = await this.#source.next();
      if (next.done === true) {
        if (size === 0) return undefined;
        throw new Error('it ends in the middle of a compressed block');
      }
      pieces.push(Buffer.from(next.value));
      size += next.value.length;
    }
    const all = pieces.length === 1 ? this.#left : Buffer.concat(pieces);
    this.#left = all.subarray(length);
    return all.subarray(0, length);
  }

  async require(length: number): Promise<Buffer> {
    const bytes = length === 0 ? Buffer.alloc(0) : await this.read(length);
    if (bytes === undefined) throw new Error('it ends in the middle of a compressed block');
    return bytes;
  }

  async rest(): Promise<Buffer> {
    const pieces: Uint8Array[] = [this.#left];
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next())
      pieces.push(next.value);
    return Buffer.concat(pieces);
  }

  /** What has been read of it, and all that follows. */
  async *after(first: Buffer): AsyncGenerator<Uint8Array> {
    yield Buffer.concat([first, this.#left]);
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) yield next.value;
  }
}
