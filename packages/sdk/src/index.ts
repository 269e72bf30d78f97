export * from './columns/index.ts';
export * from './connector.ts';
export { defineConnector } from './define-connector.ts';
export { makeSettings, withSecretCache } from './settings.ts';
export type { Environment, SecretSource } from './settings.ts';
export { makeThrottle, readThrottleOptions } from './throttle.ts';
export type { Throttle, ThrottleClock, ThrottledCall, ThrottleOptions } from './throttle.ts';
