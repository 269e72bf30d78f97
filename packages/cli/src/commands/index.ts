import type { Command } from './command.ts';

/** Every command, loaded when it is asked for. */
export const COMMANDS = {
  query: { summary: 'run SQL and print the result', load: async () => (await import('./query.ts')).query },
  shell: { summary: 'type SQL line by line', load: async () => (await import('./shell.ts')).shell },
  explain: { summary: 'show how a query would run', load: async () => (await import('./explain.ts')).explain },
  catalogs: { summary: 'list catalogs', load: async () => (await import('./list.ts')).catalogs },
  schemas: { summary: 'list the schemas of a catalog', load: async () => (await import('./list.ts')).schemas },
  tables: { summary: 'list the tables of a schema', load: async () => (await import('./list.ts')).tables },
  describe: { summary: 'show the columns of a table', load: async () => (await import('./list.ts')).describe },
  crawl: { summary: 'sample a source without a schema', load: async () => (await import('./crawl.ts')).crawl },
  init: { summary: 'write a commented ergane.config.yaml', load: async () => (await import('./init.ts')).init },
  check: { summary: 'check that every catalog and store works', load: async () => (await import('./check.ts')).check },
} as const satisfies Record<string, { readonly summary: string; load(): Promise<Command> }>;

export type CommandName = keyof typeof COMMANDS;

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}
