import type { Members, Shape } from './shape.ts';

const text = (hint: string): Shape => ({ kind: 'text', hint });
const seconds: Shape = { kind: 'number', least: 0.001 };
const count: Shape = { kind: 'number', least: 1, whole: true };

const LIMITS: Members = {
  timeoutSeconds: seconds,
  memoryMb: { kind: 'number', least: 1 },
  concurrency: count,
  provisionedConcurrency: { kind: 'number', least: 0, whole: true },
  idleSeconds: { kind: 'number', least: 0 },
  initSeconds: seconds,
};

const LOCAL: Members = { env: { kind: 'record', value: { kind: 'scalar' } }, aws: { kind: 'boolean' }, ...LIMITS };
const REMOTE: Members = { concurrency: count, timeoutSeconds: seconds };

const CATALOG: Shape = {
  kind: 'oneOf',
  by: {
    connector: {
      kind: 'object',
      members: {
        connector: text(
          'the name of a connector (mysql, postgresql, dynamodb, redis, example), an npm package or a file',
        ),
        ...LOCAL,
      },
    },
    lambda: {
      kind: 'object',
      members: {
        lambda: text('the ARN or name of a Lambda function'),
        region: text('an AWS region'),
        endpoint: text('a URL'),
        ...REMOTE,
      },
    },
    command: {
      kind: 'object',
      members: {
        command: { kind: 'list', least: 1, item: text('a program or an argument') },
        handler: text('a handler, the value of _HANDLER'),
        directory: text('a folder'),
        ...LOCAL,
      },
    },
    http: {
      kind: 'object',
      members: {
        http: text('the URL of a function host, such as http://host:3001'),
        function: text('the name of the function there'),
        headers: { kind: 'record', value: text('a text') },
        ...REMOTE,
      },
    },
  },
};

const STORE: Shape = {
  kind: 'object',
  required: ['store'],
  members: { store: text('a folder, s3://bucket/prefix or s3+http://key:secret@host:port/bucket/prefix') },
};

/** What `ErganeConfig` (config.ts) may be. */
export const CONFIG_SHAPE: Shape = {
  kind: 'object',
  members: {
    catalogs: { kind: 'record', name: checkCatalogName, value: CATALOG },
    functions: { kind: 'object', members: LIMITS },
    spill: STORE,
    results: STORE,
    s3: {
      kind: 'object',
      required: ['store'],
      members: {
        store: text('a folder, s3:// or s3+http://key:secret@host:port'),
        warehouse: text('s3://bucket/prefix/'),
      },
    },
    metastore: text('a file'),
    engine: { kind: 'object', members: { workers: count, memoryLimitMb: { kind: 'number', least: 64 } } },
    defaults: { kind: 'object', members: { catalog: text('a catalog'), schema: text('a schema') } },
  },
};

const RESERVED = ['awsdatacatalog', 'system', 'lambda'];

function checkCatalogName(name: string): string | undefined {
  if (RESERVED.includes(name.toLowerCase())) return `"${name}" is a name of Ergane's own: choose another`;
  if (name !== name.toLowerCase()) return `names of catalogs are lower case: write "${name.toLowerCase()}"`;
  if (/^[a-z0-9_@-]{1,127}$/.test(name)) return undefined;
  return 'names of catalogs have letters, digits, "_", "-" and "@" only, at most 127';
}
