import avro, { type Type } from 'avsc';
import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { uncompress } from 'snappyjs';
import { avroType } from './avro-types.ts';
import { bunzip } from './decompress.ts';
import type { FileConversion } from './file-conversion.ts';
import { printAvro } from './print-avro.ts';

/**
 * An Avro file (https://avro.apache.org/docs/1.12.0/specification/) as lines of JSON in the forms that `HiveJson` reads: whole numbers
 * with all their digits, decimals, dates and timestamps as text, bytes in base64.
 */
export const avroToJson: FileConversion = {
  name: 'avro.json',
  async convert(source, target) {
    const decoder = new avro.streams.BlockDecoder({
      parseHook: avroType,
      codecs: {
        null: (block, done) => {
          done(null, block);
        },
        ...avro.streams.BlockDecoder.defaultCodecs(),
        // four bytes of a checksum follow the block
        snappy: (block, done) => {
          done(null, Buffer.from(uncompress(block.subarray(0, -4))));
        },
        bzip2: (block, done) => {
          inflateBzip2(block).then((bytes) => done(null, bytes), done);
        },
      },
    });
    let type: Type | undefined;
    decoder.on('metadata', (found: Type) => {
      type = found;
    });
    const file = createReadStream(source);
    file.on('error', (error) => decoder.destroy(error));
    file.pipe(decoder);
    async function* lines(): AsyncGenerator<string> {
      for await (const value of decoder) if (type !== undefined) yield `${printAvro(type, value)}\n`;
    }
    try {
      await pipeline(Readable.from(lines()), createWriteStream(target));
    } finally {
      file.destroy();
    }
  },
};

async function inflateBzip2(block: Buffer): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of bunzip(Readable.from([block]))) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
