import { ErganeError } from '@ergane/protocol';
import type { TableDefinition } from '../metastore/metastore.ts';
import type { OutputFormat } from './output-format.ts';
import { parquetCompression, textCompression } from './write-properties.ts';

/** How INSERT writes the files of a table, so that its readers read them. @throws ErganeError NOT_SUPPORTED for a SerDe that is read only */
export function insertFormat(table: TableDefinition): OutputFormat {
  const { parameters, storage } = table;
  const asked = (...names: readonly string[]): string | undefined => {
    const found = names.find((name) => Object.hasOwn(parameters, name));
    return found === undefined ? undefined : parameters[found];
  };
  switch (storage.format) {
    case 'parquet': {
      const name = asked('parquet.compression', 'write.compression') ?? 'GZIP';
      return { kind: 'parquet', compression: parquetCompression(name) ?? badCompression(table, name) };
    }
    case 'json': {
      const mapped = Object.keys(storage.serdeProperties).find((name) => name.startsWith('mapping.'));
      if (mapped !== undefined) throw unsupported(table, `its SerDe has the property ${mapped}`);
      return { kind: 'json', compression: compressionOf(table, asked('write.compression')) };
    }
    case 'csv':
      return textFormat(table, compressionOf(table, asked('write.compression')));
    case 'avro':
    case 'regex':
      throw unsupported(table, `files of ${storage.serde} can be read only`);
  }
}

function textFormat(
  table: TableDefinition,
  compression: Extract<OutputFormat, { kind: 'text' }>['compression'],
): OutputFormat {
  const { serde, serdeProperties: properties } = table.storage;
  const lines = table.parameters['skip.header.line.count'] ?? '0';
  if (lines !== '0' && lines !== '1')
    throw unsupported(table, `skip.header.line.count is ${lines}: only one line of names can be written`);
  const header = lines === '1';
  if (/opencsv/i.test(serde)) {
    const quote = { quote: properties['quoteChar'] ?? '"', escape: properties['escapeChar'] ?? '\\' };
    return { kind: 'text', compression, text: { delimiter: properties['separatorChar'] ?? ',', quote, header } };
  }
  if (properties['escape.delim'] !== undefined) throw unsupported(table, 'its SerDe has ESCAPED BY');
  const delimiter = properties['field.delim'] ?? properties['serialization.format'] ?? '\u0001';
  return {
    kind: 'text',
    compression,
    text: { delimiter, nullText: properties['serialization.null.format'] ?? '\\N', header },
  };
}

function compressionOf(table: TableDefinition, name: string | undefined): 'none' | 'gzip' | 'zstd' {
  return textCompression(name ?? 'NONE') ?? badCompression(table, name ?? '');
}

function badCompression(table: TableDefinition, name: string): never {
  throw unsupported(table, `files with compression ${name} can be read only`);
}

function unsupported({ name }: TableDefinition, why: string): ErganeError {
  return new ErganeError('NOT_SUPPORTED', `INSERT INTO ${name}: ${why}`, { where: { table: name } });
}
