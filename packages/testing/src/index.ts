export * from './files.ts';
export * from './servers.ts';
