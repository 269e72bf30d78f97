import { Found, invalid } from '../invalid.ts';
import { FlatTable, readFlat } from './flat-table.ts';
import { type FlatField, FlatWriter, flatInt16, flatLength, flatTable, flatUint8 } from './flat-writer.ts';

/**
 * How a message is framed (section 2.3). `legacy`: int32 length, metadata V4: versions 1 and 2 of the protocol, and spilled objects
 * always. `modern`: a marker of four bytes FF before, metadata V5.
 */
export type Framing = 'legacy' | 'modern';

/** Arrow's MessageHeader */
export const HEADER = { schema: 1, dictionaryBatch: 2, recordBatch: 3 } as const;

const METADATA_V4 = 3;
const METADATA_V5 = 4;

export interface Encapsulated {
  readonly headerType: number;
  readonly header: FlatTable;
  /** where the body begins in the bytes, and its length as the metadata says */
  readonly bodyStart: number;
  readonly bodyLength: number;
  readonly framing: Framing;
}

/** Reads the frame and the metadata of one encapsulated IPC message, in either framing. */
export function readEncapsulated(bytes: Uint8Array, path: string): Encapsulated {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw invalid(path, 'an Arrow message', new Found(`${bytes.length} bytes`));
  const framing: Framing = view.getInt32(0, true) === -1 ? 'modern' : 'legacy';
  const start = framing === 'modern' ? 8 : 4;
  const metadataLength = view.getInt32(start - 4, true);
  if (metadataLength <= 0 || metadataLength > bytes.length - start) {
    const found = new Found(`a metadata length of ${metadataLength} in ${bytes.length} bytes`);
    throw invalid(path, 'an Arrow message', found);
  }
  return readFlat(path, () => {
    const message = FlatTable.root(new DataView(bytes.buffer, bytes.byteOffset + start, metadataLength));
    const version = message.int16(0);
    if (version < METADATA_V4 || version > METADATA_V5)
      throw invalid(path, 'Arrow metadata version V4 or V5', new Found(`version number ${version}`));
    const header = message.table(2);
    if (header === undefined) throw invalid(path, 'an Arrow message with a header', new Found('none'));
    const bodyStart = start + metadataLength;
    const bodyLength = message.length(3);
    if (bodyLength > bytes.length - bodyStart) {
      const found = new Found(`${bytes.length - bodyStart} bytes: it was cut short`);
      throw invalid(path, `a body of ${bodyLength} bytes`, found);
    }
    return { headerType: message.uint8(1), header, bodyStart, bodyLength, framing };
  });
}

/** The frame and metadata of a message; the body, a multiple of 8 bytes, follows it. */
export function writeEncapsulated(
  headerType: number,
  header: readonly FlatField[],
  options: { readonly framing: Framing; readonly bodyLength: number },
): Uint8Array {
  const legacy = options.framing === 'legacy';
  const start = legacy ? 4 : 8;
  const message = [
    flatInt16(legacy ? METADATA_V4 : METADATA_V5),
    flatUint8(headerType),
    flatTable(header),
    flatLength(options.bodyLength),
  ];
  const metadata = FlatWriter.write(message, start);
  const framed = new Uint8Array(start + metadata.length);
  const view = new DataView(framed.buffer);
  if (!legacy) view.setInt32(0, -1, true);
  view.setInt32(start - 4, metadata.length, true);
  framed.set(metadata, start);
  return framed;
}
