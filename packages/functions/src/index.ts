export { PAYLOAD_LIMIT } from './faults.ts';
export * from './function-config.ts';
export { startFunctionHost, type FunctionHost, type FunctionHostOptions } from './function-host.ts';
export type { LogLine } from './function-log.ts';
export type { FunctionStats } from './function-pool.ts';
export { httpInvoker, type HttpInvokerOptions } from './http-invoker.ts';
export { lambdaInvoker, type LambdaInvokerOptions } from './lambda-invoker.ts';
