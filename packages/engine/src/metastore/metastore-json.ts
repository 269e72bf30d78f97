import { ErganeError } from '@ergane/protocol';
import type {
  Buckets,
  ColumnDefinition,
  DatabaseDefinition,
  FileFormat,
  MetastoreState,
  PartitionDefinition,
  TableDefinition,
  ViewDefinition,
} from './metastore.ts';
import type { WriteLedger } from './write-ledger.ts';

const FILE_FORMATS: readonly FileFormat[] = ['parquet', 'csv', 'json', 'regex', 'avro'];

/** Reads the metastore's JSON. @throws ErganeError METASTORE_FAILED that names the file and the member */
export function decodeState(text: string, location: string): MetastoreState {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ErganeError('METASTORE_FAILED', `the metastore ${location} is not JSON: ${String(cause)}`, { cause });
  }
  const reader = new Reader(location);
  const root = reader.object(value, '');
  if (root['version'] !== 1) reader.fail('version', 'the number 1 (was it written by a newer Ergane?)');
  return {
    databases: reader.record(root['databases'], 'databases', (item, at) => readDatabase(reader, item, at)),
    ...(root['writes'] === undefined ? {} : { writes: readWrites(reader, root['writes'], 'writes') }),
  };
}

function readWrites(reader: Reader, value: unknown, at: string): WriteLedger {
  const item = reader.object(value, at);
  return {
    epoch: reader.text(item['epoch'], `${at}.epoch`),
    last: reader.number(item['last'], `${at}.last`),
    pending: reader.list(item['pending'], `${at}.pending`, (write, where) => {
      const pending = reader.object(write, where);
      return {
        id: reader.number(pending['id'], `${where}.id`),
        owner: reader.text(pending['owner'], `${where}.owner`),
        startedAt: reader.number(pending['startedAt'], `${where}.startedAt`),
        folders: reader.list(pending['folders'], `${where}.folders`, reader.text),
      };
    }),
    aborted: reader.list(item['aborted'], `${at}.aborted`, reader.number),
  };
}

function readDatabase(reader: Reader, value: unknown, at: string): DatabaseDefinition {
  const item = reader.object(value, at);
  return {
    name: reader.text(item['name'], `${at}.name`),
    ...reader.optionalText(item, 'comment', at),
    ...reader.optionalText(item, 'location', at),
    parameters: reader.record(item['parameters'], `${at}.parameters`, reader.text),
    tables: reader.record(item['tables'], `${at}.tables`, (table, where) => readTable(reader, table, where)),
    ...(item['views'] === undefined
      ? {}
      : { views: reader.record(item['views'], `${at}.views`, (view, where) => readView(reader, view, where)) }),
  };
}

function readView(reader: Reader, value: unknown, at: string): ViewDefinition {
  const item = reader.object(value, at);
  return {
    name: reader.text(item['name'], `${at}.name`),
    text: reader.text(item['text'], `${at}.text`),
    ...reader.optionalText(item, 'catalog', at),
    ...reader.optionalText(item, 'schema', at),
    columns: reader.list(item['columns'], `${at}.columns`, (column, where) => readColumn(reader, column, where)),
    ...reader.optionalText(item, 'comment', at),
    createdAt: reader.number(item['createdAt'], `${at}.createdAt`),
  };
}

function readTable(reader: Reader, value: unknown, at: string): TableDefinition {
  const item = reader.object(value, at);
  if (item['kind'] !== 'external') reader.fail(`${at}.kind`, '"external"');
  const storage = reader.object(item['storage'], `${at}.storage`);
  const columns = (name: string) =>
    reader.list(item[name], `${at}.${name}`, (column, where) => readColumn(reader, column, where));
  return {
    kind: 'external',
    name: reader.text(item['name'], `${at}.name`),
    columns: columns('columns'),
    partitionKeys: columns('partitionKeys'),
    location: reader.text(item['location'], `${at}.location`),
    storage: {
      format: readFormat(reader, storage['format'], `${at}.storage.format`),
      serde: reader.text(storage['serde'], `${at}.storage.serde`),
      ...reader.optionalText(storage, 'inputFormat', `${at}.storage`),
      ...reader.optionalText(storage, 'outputFormat', `${at}.storage`),
      serdeProperties: reader.record(storage['serdeProperties'], `${at}.storage.serdeProperties`, reader.text),
    },
    parameters: reader.record(item['parameters'], `${at}.parameters`, reader.text),
    ...reader.optionalText(item, 'comment', at),
    ...(item['buckets'] === undefined ? {} : { buckets: readBuckets(reader, item['buckets'], `${at}.buckets`) }),
    partitions: reader.list(item['partitions'], `${at}.partitions`, (partition, where) =>
      readPartition(reader, partition, where),
    ),
    createdAt: reader.number(item['createdAt'], `${at}.createdAt`),
  };
}

function readBuckets(reader: Reader, value: unknown, at: string): Buckets {
  const item = reader.object(value, at);
  return {
    columns: reader.list(item['columns'], `${at}.columns`, reader.text),
    count: reader.number(item['count'], `${at}.count`),
  };
}

function readColumn(reader: Reader, value: unknown, at: string): ColumnDefinition {
  const item = reader.object(value, at);
  return {
    name: reader.text(item['name'], `${at}.name`),
    type: reader.text(item['type'], `${at}.type`),
    ...reader.optionalText(item, 'comment', at),
  };
}

function readPartition(reader: Reader, value: unknown, at: string): PartitionDefinition {
  const item = reader.object(value, at);
  return {
    values: reader.list(item['values'], `${at}.values`, reader.text),
    location: reader.text(item['location'], `${at}.location`),
  };
}

function readFormat(reader: Reader, value: unknown, at: string): FileFormat {
  const found = FILE_FORMATS.find((format) => format === value);
  return found ?? reader.fail(at, `one of ${FILE_FORMATS.join(', ')}`);
}

/** Reads members of parsed JSON and says which one is wrong. */
class Reader {
  readonly #location: string;

  constructor(location: string) {
    this.#location = location;
  }

  fail(at: string, expected: string): never {
    throw new ErganeError('METASTORE_FAILED', `the metastore ${this.#location} is damaged: ${at} must be ${expected}`);
  }

  object(value: unknown, at: string): Readonly<Record<string, unknown>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.fail(at, 'an object');
    return Object.fromEntries(Object.entries(value));
  }

  readonly text = (value: unknown, at: string): string =>
    typeof value === 'string' ? value : this.fail(at, 'a string');

  readonly number = (value: unknown, at: string): number =>
    typeof value === 'number' ? value : this.fail(at, 'a number');

  record<Item>(value: unknown, at: string, read: (item: unknown, at: string) => Item): Readonly<Record<string, Item>> {
    const entries = Object.entries(this.object(value, at));
    return Object.fromEntries(entries.map(([key, item]) => [key, read(item, `${at}.${key}`)]));
  }

  list<Item>(value: unknown, at: string, read: (item: unknown, at: string) => Item): readonly Item[] {
    if (!Array.isArray(value)) return this.fail(at, 'a list');
    return value.map((item: unknown, index) => read(item, `${at}[${index}]`));
  }

  optionalText<Name extends string>(
    item: Readonly<Record<string, unknown>>,
    name: Name,
    at: string,
  ): { readonly [Key in Name]?: string } {
    const value = item[name];
    // the computed key is `Name` itself, which TypeScript widens to string
    return value === undefined ? {} : ({ [name]: this.text(value, `${at}.${name}`) } as { [Key in Name]: string });
  }
}
