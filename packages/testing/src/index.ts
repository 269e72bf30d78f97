export * from './bundles.ts';
export * from './files.ts';
export * from './servers.ts';
