import type { Engine } from '@ergane/engine';
import type { LoadedConfig } from '../config/read-config.ts';
import { readSecret, resolveText, type Environment } from '../config/references.ts';
import { parseStorePlace, type StorePlace } from '../config/stores.ts';
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
  return {
    loaded,
    engine: () => (engine ??= startEngine(loaded, { invoker, spill })),
    invoker,
    spill,
    results: findStore('results'),
    async [Symbol.asyncDispose]() {
      try {
        await (await engine)?.[Symbol.asyncDispose]();
      } finally {
        await invoker[Symbol.asyncDispose]();
      }
    },
  };
}

async function startEngine(
  { config }: LoadedConfig,
  { invoker, spill }: { readonly invoker: CatalogInvoker; readonly spill: StorePlace },
): Promise<Engine> {
  const [{ createEngine }, { openStore }] = await Promise.all([import('@ergane/engine'), import('@ergane/storage')]);
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
    spill: { store: openStore(spill.url), bucket: spill.bucket, prefix: spill.prefix },
    ...config.engine,
  });
}
