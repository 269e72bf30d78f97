import type { Engine, QueryProgress, QueryResult } from '@ergane/engine';
import { readConfig, type LoadedConfig } from './config/read-config.ts';
import type { Io } from './io.ts';
import { wire, type Wiring } from './wiring/wire.ts';

/** What the names of a statement are relative to. */
export interface Place {
  readonly catalog: string | undefined;
  readonly schema: string | undefined;
}

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly parameters?: readonly string[];
  readonly onProgress?: (progress: QueryProgress) => void;
}

/** One engine over one configuration, and where its user is in it. */
export class Session implements AsyncDisposable {
  readonly wiring: Wiring;
  place: Place;
  /** what PREPARE keeps */
  readonly #prepared = new Map<string, string>();

  constructor(wiring: Wiring, place: Place) {
    this.wiring = wiring;
    this.place = place;
  }

  /** Reads the configuration; nothing is started yet. */
  static async open(
    io: Io,
    options: { readonly config?: string; readonly place?: Partial<Place> } = {},
  ): Promise<Session> {
    const file = options.config ?? io.environment['ERGANE_CONFIG'];
    const loaded: LoadedConfig = await readConfig({ folder: io.folder, ...(file !== undefined && { file }) });
    const { defaults } = loaded.config;
    return new Session(wire(loaded, io.environment), {
      catalog: options.place?.catalog ?? defaults?.catalog,
      // a schema belongs to its catalog: another catalog than the default one has its own
      schema: options.place?.schema ?? (options.place?.catalog === undefined ? defaults?.schema : undefined),
    });
  }

  engine(): Promise<Engine> {
    return this.wiring.engine();
  }

  async run(sql: string, { signal, parameters, onProgress }: RunOptions): Promise<QueryResult> {
    const { catalog, schema } = this.place;
    const engine = await this.engine();
    return engine.run(sql, {
      ...(catalog !== undefined && { catalog }),
      ...(schema !== undefined && { schema }),
      signal,
      prepared: this.#prepared,
      ...(parameters !== undefined && parameters.length > 0 && { parameters }),
      ...(onProgress !== undefined && { onProgress }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.wiring[Symbol.asyncDispose]();
  }
}
