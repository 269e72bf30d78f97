/** How the files of a write are laid out. */
export type OutputFormat =
  | {
      readonly kind: 'parquet';
      readonly compression: ParquetCompression;
      /** of ZSTD; default: DuckDB's */
      readonly level?: number;
    }
  | { readonly kind: 'json'; readonly compression: TextCompression }
  | { readonly kind: 'text'; readonly compression: TextCompression; readonly text: TextLayout };

export type ParquetCompression = 'uncompressed' | 'snappy' | 'gzip' | 'zstd' | 'lz4_raw';
export type TextCompression = 'none' | 'gzip' | 'zstd';

/** Text files of Hive's LazySimpleSerDe or of OpenCSVSerde. */
export interface TextLayout {
  readonly delimiter: string;
  /** the text of NULL; undefined: NULL cannot be told from an empty text and is refused */
  readonly nullText?: string;
  /** every value stands between these; within them the escape character stands before quote and escape */
  readonly quote?: { readonly quote: string; readonly escape: string };
  /** a first line with the names */
  readonly header: boolean;
}

/** How files end: Hive and Athena tell compressed text by it. */
export function fileExtension(format: OutputFormat): string {
  if (format.kind === 'parquet') return '.parquet';
  const end = { none: '', gzip: '.gz', zstd: '.zst' }[format.compression];
  return `${format.kind === 'json' ? '.json' : '.txt'}${end}`;
}
