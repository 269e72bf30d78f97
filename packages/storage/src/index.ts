export * from './directory-store.ts';
export * from './object-store.ts';
export * from './open-store.ts';
export * from './s3-store.ts';
