import { ErganeError, type Invoker } from '@ergane/protocol';
import type { FunctionConfig, FunctionHost } from '@ergane/functions';
import type {
  CatalogConfig,
  CommandCatalog,
  ConnectorCatalog,
  FunctionLimits,
  HttpCatalog,
  LambdaCatalog,
} from '../config/config.ts';
import type { LoadedConfig } from '../config/read-config.ts';
import { readSecret, resolveText } from '../config/references.ts';
import { findConnectorCommand } from './connector-command.ts';
import { makeFunctionEnvironment, type FunctionSurroundings } from './function-environment.ts';
import path from 'node:path';

/** The invoker of every catalog's function, each made with its first invocation. Disposing ends all that was started. */
export interface CatalogInvoker extends Invoker, AsyncDisposable {
  /** undefined until a function of this machine was needed */
  readonly host: FunctionHost | undefined;
}

export function makeCatalogInvoker(loaded: LoadedConfig, surroundings: FunctionSurroundings): CatalogInvoker {
  const catalogs = loaded.config.catalogs ?? {};
  const context = { loaded, surroundings };
  const routes = new Map<string, Promise<Invoker>>();
  const closing: Disposable[] = [];
  let host: FunctionHost | undefined;
  let starting: Promise<FunctionHost> | undefined;

  const startHost = async (): Promise<FunctionHost> => {
    const { startFunctionHost } = await import('@ergane/functions');
    host = await startFunctionHost({ functions: [] });
    return host;
  };
  const makeRoute = async (name: string, catalog: CatalogConfig): Promise<Invoker> => {
    if ('lambda' in catalog || 'http' in catalog) {
      const remote = await makeRemote(name, catalog, context);
      closing.push(remote);
      return remote;
    }
    const config = makeFunctionConfig(name, catalog, context);
    const local = await (starting ??= startHost());
    local.addFunction(config);
    return local;
  };
  return {
    get host() {
      return host;
    },
    async invoke(invocation) {
      const name = invocation.functionName;
      const catalog = catalogs[name];
      if (catalog === undefined)
        throw new ErganeError('FUNCTION_NOT_CONFIGURED', `no catalog has a function "${name}"`);
      let route = routes.get(name);
      if (route === undefined) routes.set(name, (route = makeRoute(name, catalog)));
      return (await route).invoke(invocation);
    },
    async [Symbol.asyncDispose]() {
      for (const invoker of closing) invoker[Symbol.dispose]();
      await (await starting)?.[Symbol.asyncDispose]();
    },
  };
}

interface Context {
  readonly loaded: LoadedConfig;
  readonly surroundings: FunctionSurroundings;
}

/** What the function host needs to know of a catalog's function. References are filled in now. */
export function makeFunctionConfig(
  name: string,
  catalog: ConnectorCatalog | CommandCatalog,
  { loaded, surroundings }: Context,
): FunctionConfig {
  const resolve = (text: string, setting: string) => resolveSetting(text, `catalogs.${name}.${setting}`, surroundings);
  const { folder } = loaded;
  const limits = { ...loaded.config.functions, ...pickLimits(catalog) };
  const shared = {
    name,
    environment: makeFunctionEnvironment(name, catalog, surroundings),
    ...hostLimits(limits),
  };
  if ('connector' in catalog) {
    const connector = resolve(catalog.connector, 'connector');
    const command = findConnectorCommand(connector, folder, `catalogs.${name}.connector`);
    return { ...shared, command, directory: folder };
  }
  const [program = '', ...rest] = catalog.command.map((part, index) => resolve(part, `command[${index}]`));
  const directory = path.resolve(folder, resolve(catalog.directory ?? '.', 'directory'));
  const { handler } = catalog;
  return { ...shared, command: [program, ...rest], directory, ...(handler !== undefined && { handler }) };
}

function pickLimits({ timeoutSeconds, memoryMb, concurrency, ...rest }: FunctionLimits): FunctionLimits {
  const { provisionedConcurrency, idleSeconds, initSeconds } = rest;
  const all = { timeoutSeconds, memoryMb, concurrency, provisionedConcurrency, idleSeconds, initSeconds };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function hostLimits({ concurrency, ...rest }: FunctionLimits): Partial<FunctionConfig> {
  return { ...rest, ...(concurrency !== undefined && { reservedConcurrency: concurrency }) };
}

async function makeRemote(
  name: string,
  catalog: LambdaCatalog | HttpCatalog,
  { surroundings }: Context,
): Promise<Invoker & Disposable> {
  const resolve = (text: string, setting: string) => resolveSetting(text, `catalogs.${name}.${setting}`, surroundings);
  const { httpInvoker, lambdaInvoker } = await import('@ergane/functions');
  if ('http' in catalog) {
    const headers = Object.entries(catalog.headers ?? {}).map(([key, text]) => [key, resolve(text, `headers.${key}`)]);
    const endpoint = resolve(catalog.http, 'http');
    return rename(
      httpInvoker({ endpoint, headers: Object.fromEntries(headers) }),
      resolve(catalog.function ?? name, 'function'),
    );
  }
  const lambda = resolve(catalog.lambda, 'lambda');
  const { environment } = surroundings;
  const region =
    catalog.region ??
    /^arn:[^:]+:lambda:([^:]+):/.exec(lambda)?.[1] ??
    environment['AWS_REGION'] ??
    environment['AWS_DEFAULT_REGION'];
  if (region === undefined) {
    const message = `catalogs.${name}: the region of the function "${lambda}" is not known: set "region", use its ARN, or set AWS_REGION`;
    throw new ErganeError('CONFIG_INVALID', message, { where: { catalog: name, setting: 'region' } });
  }
  const endpoint = catalog.endpoint === undefined ? {} : { endpoint: resolve(catalog.endpoint, 'endpoint') };
  return rename(lambdaInvoker({ region: resolve(region, 'region'), ...endpoint }), lambda);
}

/** The function's name there, while errors and the engine know it by the catalog's. */
function rename(invoker: Invoker & Disposable, functionName: string): Invoker & Disposable {
  return {
    invoke: (invocation) => invoker.invoke({ ...invocation, functionName }),
    [Symbol.dispose]: () => invoker[Symbol.dispose](),
  };
}

function resolveSetting(text: string, setting: string, { environment }: FunctionSurroundings): string {
  return resolveText(text, { environment, setting, onSecret: (secret) => readSecret(secret, environment, setting) });
}
