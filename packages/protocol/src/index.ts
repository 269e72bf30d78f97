export * from './arrow.ts';
export * from './constraints.ts';
export * from './errors.ts';
export * from './extensions.ts';
export * from './invoker.ts';
export * from './messages.ts';
