import type { TableName } from '@ergane/protocol';
import type { Client } from './client.ts';
import type { Cell } from './decode/cell.ts';
import type { SourceColumn } from './types.ts';

/** A unique index without NULLs, whose order a table can be read in. */
export interface TableKey {
  readonly indexName: string;
  readonly columns: readonly string[];
}

export interface TablePartition {
  readonly name: string;
  /** as EXPLAIN writes it: `partition_subpartition` */
  readonly explainName: string;
  readonly rowCount: number;
  readonly totalBytes: number;
}

/** What the server knows of a table. Counts and sizes are its estimates. */
export interface TableFacts {
  readonly tableName: TableName;
  readonly columns: readonly SourceColumn[];
  readonly isView: boolean;
  readonly engine: string;
  readonly rowCount: number;
  readonly totalBytes: number;
  /** the primary key, else a unique index without NULLs and prefixes */
  readonly key: TableKey | undefined;
  readonly partitions: readonly TablePartition[];
}

const CACHE_MS = 30_000;

/** Facts of the tables that this function instance reads, for half a minute. */
export class FactsCache {
  private readonly entries = new Map<string, { readonly until: number; readonly facts: TableFacts }>();

  /** Undefined: there is no such table. */
  async find(client: Client, tableName: TableName): Promise<TableFacts | undefined> {
    const found = this.entries.get(cacheKey(client, tableName));
    return found !== undefined && found.until > Date.now() ? found.facts : this.refresh(client, tableName);
  }

  async refresh(client: Client, tableName: TableName): Promise<TableFacts | undefined> {
    const facts = await readTableFacts(client, tableName);
    if (facts === undefined) this.forget(client, tableName);
    else this.entries.set(cacheKey(client, tableName), { until: Date.now() + CACHE_MS, facts });
    return facts;
  }

  forget(client: Client, tableName: TableName): void {
    this.entries.delete(cacheKey(client, tableName));
  }
}

function cacheKey({ config }: Client, { schemaName, tableName }: TableName): string {
  return JSON.stringify([config.host, config.port, config.user, schemaName, tableName]);
}

const TABLE = `SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS, DATA_LENGTH, CREATE_OPTIONS
FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?`;

const COLUMNS = `SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE, CHARACTER_SET_NAME, COLLATION_NAME,
CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, TABLE_NAME
FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION`;

const KEYS = `SELECT INDEX_NAME, COLUMN_NAME, SUB_PART, NULLABLE, TABLE_NAME
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND NON_UNIQUE = 0
ORDER BY INDEX_NAME = 'PRIMARY' DESC, INDEX_NAME, SEQ_IN_INDEX`;

const PARTITIONS = `SELECT COALESCE(SUBPARTITION_NAME, PARTITION_NAME), TABLE_ROWS, DATA_LENGTH, TABLE_NAME,
CONCAT_WS('_', PARTITION_NAME, SUBPARTITION_NAME)
FROM information_schema.PARTITIONS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND PARTITION_NAME IS NOT NULL
ORDER BY PARTITION_ORDINAL_POSITION, SUBPARTITION_ORDINAL_POSITION`;

async function readTableFacts(client: Client, asked: TableName): Promise<TableFacts | undefined> {
  const where = { schema: asked.schemaName, table: asked.tableName };
  const parameters = [
    { kind: 'text', value: asked.schemaName },
    { kind: 'text', value: asked.tableName },
  ] as const;
  const query = (text: string): Promise<(readonly Cell[])[]> => client.query(text, parameters, where);
  // the server compares names by its own rules; only the exact one is the table that was asked
  const table = (await query(TABLE)).find(([name]) => name === asked.tableName);
  if (table === undefined || table[1] === 'SEQUENCE') return undefined;
  const columns = (await query(COLUMNS)).filter((row) => row[10] === asked.tableName).map(toColumn);
  if (columns.length === 0) return undefined;
  const isView = textOf(table[1]).includes('VIEW');
  const keys = isView ? [] : (await query(KEYS)).filter((row) => row[4] === asked.tableName);
  const isPartitioned = textOf(table[5]).includes('partitioned');
  const partitions = isPartitioned ? (await query(PARTITIONS)).filter((row) => row[3] === asked.tableName) : [];
  return {
    tableName: asked,
    columns,
    isView,
    engine: textOf(table[2]),
    rowCount: numberOf(table[3]),
    totalBytes: numberOf(table[4]),
    key: findKey(keys),
    partitions: partitions.map(([name, rows, bytes, , explainName]) => ({
      name: textOf(name),
      explainName: textOf(explainName),
      rowCount: numberOf(rows),
      totalBytes: numberOf(bytes),
    })),
  };
}

function toColumn(row: readonly Cell[]): SourceColumn {
  const [name, dataType, columnType, isNullable, charset, collation, length, precision, scale, fraction] = row;
  return {
    name: textOf(name),
    dataType: textOf(dataType).toLowerCase(),
    columnType: textOf(columnType).toLowerCase(),
    isNullable: isNullable === 'YES',
    charset: textOf(charset),
    collation: textOf(collation),
    length: numberOf(length),
    precision: numberOf(precision),
    scale: numberOf(scale),
    fractionDigits: numberOf(fraction),
  };
}

/** The first unique index, the primary key before others, of whole columns that are never NULL. */
function findKey(rows: readonly (readonly Cell[])[]): TableKey | undefined {
  const indexes = new Map<string, { columns: string[]; isKey: boolean }>();
  for (const [indexName, column, prefix, nullable] of rows) {
    const name = textOf(indexName);
    const index = indexes.get(name) ?? { columns: [], isKey: true };
    // an index on an expression has no column
    if (column === null || prefix !== null || nullable === 'YES') index.isKey = false;
    index.columns.push(textOf(column));
    indexes.set(name, index);
  }
  for (const [indexName, { columns, isKey }] of indexes) if (isKey) return { indexName, columns };
  return undefined;
}

/** Text of information_schema; MySQL 8 declares some of it as bytes. */
export function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Uint8Array ? Buffer.from(cell).toString('utf8') : String(cell);
}

export function numberOf(cell: Cell | undefined): number {
  return cell === null || cell === undefined ? 0 : Number(textOf(cell));
}
