import type { TableName } from '@ergane/protocol';
import { ErganeError } from '@ergane/protocol';
import type { Schema } from 'apache-arrow';
import type { Asker, CatalogListing, DescribedColumn } from '../catalog/catalog.ts';
import type { Metastore, MetastoreState } from '../metastore/metastore.ts';
import { requireDatabase } from '../metastore/metastore-changes.ts';
import { findView } from '../metastore/view-changes.ts';
import type { ResolvedView } from '../sql/compiled-statement.ts';
import { resolveView } from './resolve-view.ts';
import type { FileColumn } from './file-relation.ts';
import { makeFileTable, type FileTable } from './file-table.ts';
import type { WritePlace } from '../write/write-transaction.ts';
import type { Warehouse } from './warehouse.ts';

/** how many queries' states of the metastore are kept: more than look up tables at the same moment */
const SNAPSHOTS = 64;

/** A table on S3 in the form in which planning knows tables. */
export interface FileCatalogTable {
  readonly catalog: FileCatalog;
  readonly tableName: TableName;
  readonly schema: Schema;
  readonly partitionColumns: readonly string[];
  readonly columns: readonly FileColumn[];
  /** the metastore keeps no statistics */
  readonly rowCount: number | undefined;
  readonly fileTable: FileTable;
}

/** `awsdatacatalog`: databases and tables of the metastore, whose files DuckDB reads without a function. */
export class FileCatalog implements CatalogListing {
  readonly kind = 'files';
  readonly name: string;
  readonly metastore: Metastore;
  readonly warehouse: Warehouse;
  readonly #snapshots = new Map<string, Promise<MetastoreState>>();

  readonly onWriteStep: WritePlace['onWriteStep'];

  constructor(options: { readonly name: string } & WritePlace) {
    this.onWriteStep = options.onWriteStep;
    this.name = options.name;
    this.metastore = options.metastore;
    this.warehouse = options.warehouse;
  }

  async listSchemas(): Promise<readonly string[]> {
    return Object.keys((await this.metastore.read()).databases).sort();
  }

  async listTables(schemaName: string): Promise<readonly TableName[]> {
    const database = await this.#named(async () => requireDatabase(await this.metastore.read(), schemaName));
    return [...Object.keys(database.tables), ...Object.keys(database.views ?? {})]
      .sort()
      .map((tableName) => ({ schemaName: database.name, tableName }));
  }

  async hasView({ schemaName, tableName }: TableName): Promise<boolean> {
    return findView(await this.metastore.read(), schemaName.toLowerCase(), tableName.toLowerCase()) !== undefined;
  }

  /** The view of that name, if it is one. */
  async findView({ schemaName, tableName }: TableName, asker?: Asker): Promise<ResolvedView | undefined> {
    const database = schemaName.toLowerCase();
    const view = findView(await this.#snapshot(asker), database, tableName.toLowerCase());
    return view && resolveView(view, { catalogName: this.name, schemaName: database });
  }

  async describeTable(name: TableName): Promise<readonly DescribedColumn[]> {
    const view = await this.findView(name);
    if (view !== undefined) return view.columns.map((column) => ({ ...column, partition: false }));
    const { fileTable, partitionColumns } = await this.getTable(name);
    const { table, columns } = fileTable;
    return [...table.columns, ...table.partitionKeys].map(({ comment }, index) => {
      const column = columns[index];
      if (column === undefined) throw new ErganeError('INTERNAL', `table ${table.name} has no column ${index}`);
      const partition = partitionColumns.includes(column.name) && index >= table.columns.length;
      return { ...column, partition, ...(comment === undefined ? {} : { comment }) };
    });
  }

  /** All tables of one query as they stood when its first was looked up. */
  async getTable({ schemaName, tableName }: TableName, asker?: Asker): Promise<FileCatalogTable> {
    const fileTable = await this.#named(async () => {
      const state = await this.#snapshot(asker);
      return makeFileTable(this.metastore, {
        state,
        database: schemaName.toLowerCase(),
        name: tableName.toLowerCase(),
      });
    });
    const { schema, columns, partitionColumns } = fileTable;
    const found = { schemaName: fileTable.database, tableName: fileTable.table.name };
    return { catalog: this, tableName: found, schema, partitionColumns, columns, rowCount: undefined, fileTable };
  }

  /** Another process may have changed the metastore; it is looked at for every statement. */
  refresh(): void {
    this.#snapshots.clear();
  }

  #snapshot(asker: Asker | undefined): Promise<MetastoreState> {
    if (asker === undefined) return this.metastore.read();
    const known = this.#snapshots.get(asker.queryId);
    if (known !== undefined) return known;
    const state = this.metastore.read();
    this.#snapshots.set(asker.queryId, state);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > SNAPSHOTS && oldest !== undefined) this.#snapshots.delete(oldest);
    return state;
  }

  /** Errors name the catalog. */
  async #named<Result>(find: () => Promise<Result>): Promise<Result> {
    try {
      return await find();
    } catch (cause) {
      if (!(cause instanceof ErganeError)) throw cause;
      throw new ErganeError(cause.code, cause.message, { where: { catalog: this.name, ...cause.where }, cause });
    }
  }
}
