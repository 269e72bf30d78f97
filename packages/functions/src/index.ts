export * from './function-config.ts';
