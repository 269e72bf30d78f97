export * from './function-config.ts';
export { startFunctionHost, type FunctionHost, type FunctionHostOptions } from './function-host.ts';
export type { LogLine } from './function-log.ts';
export type { FunctionStats } from './function-pool.ts';
export { PAYLOAD_LIMIT } from './faults.ts';
