export {
  defineConfig,
  type CatalogConfig,
  type CommandCatalog,
  type ConnectorCatalog,
  type EngineLimits,
  type ErganeConfig,
  type FunctionLimits,
  type HttpCatalog,
  type LambdaCatalog,
  type S3Config,
  type StoreConfig,
} from './config/config.ts';
export { readConfig, type LoadedConfig } from './config/read-config.ts';
export { EXIT_CODES } from './exit-codes.ts';
export type { Io } from './io.ts';
export { main } from './main.ts';
export { wire, type Wiring } from './wiring/wire.ts';
