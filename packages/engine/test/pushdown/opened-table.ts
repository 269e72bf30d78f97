import type { EngineParts } from '../../src/engine.ts';

/** A table with the columns of `VALUES` and a key `id`, read by an engine. */
export interface OpenedTable extends AsyncDisposable {
  readonly parts: EngineParts;
  readonly catalog: string;
  readonly schema: string;
  readonly name: string;
}
