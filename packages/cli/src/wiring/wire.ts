import type { DataCatalogOptions, Engine } from '@ergane/engine';
import type { LoadedConfig } from '../config/read-config.ts';
import { readSecret, resolveText, type Environment } from '../config/references.ts';
import { parseStorePlace, type StorePlace } from '../config/stores.ts';
import { openDataCatalog } from './data-catalog.ts';
import { makeCatalogInvoker, type CatalogInvoker } from './make-invoker.ts';

/** A configuration made real: the engine over the catalogs' functions. Disposing ends the engine first, then every function. */
export interface Wiring extends AsyncDisposable {
  readonly loaded: LoadedConfig;
  /** started with the first call */
  readonly engine: () => Promise<Engine>;
  readonly invoker: CatalogInvoker;
  readonly spill: StorePlace;
  readonly results: StorePlace;
}

/** Nothing starts here: the engine starts with the first statement, a function with the first query that needs it. */
export function wire(loaded: LoadedConfig, environment: Environment): Wiring {
  const { config, folder } = loaded;
  const findStore = (setting: 'spill' | 'results'): StorePlace => {
    const name = `${setting}.store`;
    const text = config[setting]?.store ?? `./.ergane/${setting}`;
    const onSecret = (secret: string) => readSecret(secret, environment, name);
    return parseStorePlace(resolveText(text, { environment, setting: name, onSecret }), folder, name);
  };
  const place = findStore('spill');
  // functions and the engine must mean the same folder
  const spill = { ...place, prefix: place.prefix === '' ? 'queries' : place.prefix };
  const invoker = makeCatalogInvoker(loaded, { environment, spill });
  let engine: Promise<Engine> | undefined;
  let dataCatalog: Promise<DataCatalogOptions> | undefined;
  return {
    loaded,
    engine: () => {
      dataCatalog ??= openDataCatalog(loaded, environment);
      return (engine ??= startEngine(loaded, { invoker, spill, dataCatalog }));
    },
    invoker,
    spill,
    results: findStore('results'),
    async [Symbol.asyncDispose]() {
      try {
        await (await settled(engine))?.[Symbol.asyncDispose]();
        await (await settled(dataCatalog))?.warehouse[Symbol.asyncDispose]();
      } finally {
        await invoker[Symbol.asyncDispose]();
      }
    },
  };
}

/** What did not start needs no end; who asked for it was told. */
async function settled<Value>(promise: Promise<Value> | undefined): Promise<Value | undefined> {
  return promise?.catch(() => undefined);
}

async function startEngine(
  { config }: LoadedConfig,
  parts: {
    readonly invoker: CatalogInvoker;
    readonly spill: StorePlace;
    readonly dataCatalog: Promise<DataCatalogOptions>;
  },
): Promise<Engine> {
  const { invoker, spill } = parts;
  const [{ createEngine }, { openStore }, dataCatalog] = await Promise.all([
    import('@ergane/engine'),
    import('@ergane/storage'),
    parts.dataCatalog,
  ]);
  const catalogs = Object.entries(config.catalogs ?? {}).map(([name, catalog]) => {
    const { concurrency, timeoutSeconds } = catalog;
    return [
      name,
      {
        functionName: name,
        ...(timeoutSeconds !== undefined && { timeoutMs: timeoutSeconds * 1000 }),
        ...(concurrency !== undefined && { maxConcurrency: concurrency }),
      },
    ] as const;
  });
  return createEngine({
    catalogs: Object.fromEntries(catalogs),
    invoker,
    dataCatalog,
    spill: { store: openStore(spill.url), bucket: spill.bucket, prefix: spill.prefix },
    ...config.engine,
  });
}
