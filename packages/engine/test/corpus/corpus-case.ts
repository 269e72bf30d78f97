import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** One case of the SQL corpus: a statement and what a real Trino answered. */
export interface CorpusCase {
  readonly id: string;
  readonly family: string;
  readonly sql: string;
  readonly source: 'own' | 'trino' | 'docs';
  readonly names?: readonly string[];
  readonly types?: readonly string[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly ordered?: boolean;
  readonly error?: { readonly name: string; readonly message: string };
  readonly tolerance?: number;
  readonly anyOrder?: boolean;
  readonly trimEnd?: boolean;
  /** the signature of SHOW FUNCTIONS that a generated case tries */
  readonly signature?: string;
  readonly data?: 'tpch' | 'tpch-simple' | 'tpcds';
}

export function readFamilies(folder: string): ReadonlyMap<string, readonly CorpusCase[]> {
  const files = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));
  return new Map(files.sort().map((file) => [path.basename(file, '.jsonl'), readCases(path.join(folder, file))]));
}

function readCases(file: string): readonly CorpusCase[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const value: CorpusCase = JSON.parse(line);
      return value;
    });
}
