export * from './bundles.ts';
export * from './disks.ts';
export * from './files.ts';
export * from './private-servers.ts';
export * from './servers.ts';
