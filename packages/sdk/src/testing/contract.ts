import type { Connector } from '../connector.ts';
import type { Environment } from '../settings.ts';

/** A table of the real source that the contract reads. */
export interface ContractTable {
  readonly schemaName: string;
  /** in the source's own case */
  readonly tableName: string;
  /** every row, its cells in the order of the columns as plain JavaScript (see `plainCell`); in any order. Default: what one read gives. */
  readonly rows?: readonly (readonly unknown[])[];
  /** Arrow types of columns as text, such as `{ id: 'Int64', price: 'Decimal[10e+2]' }`; only these are checked */
  readonly types?: Readonly<Record<string, string>>;
  /** at least so many splits */
  readonly minSplits?: number;
}

/** Where the source is, how to leave it; made once for the suite. */
export interface ContractSource extends AsyncDisposable {
  /** the function's environment; where it spills is set by the suite */
  readonly environment: Environment;
}

export interface ContractFault {
  readonly environment: Environment;
  /** what must be in the message: a host, a setting */
  readonly mentions?: readonly string[];
  /** what must not be */
  readonly secrets?: readonly string[];
}

export interface ContractOptions {
  /** of the connector, for the tests' names */
  readonly name: string;
  readonly connector: Connector;
  /** undefined: the source is not there, and the suite is skipped (use `requireServer`) */
  open(context: ContractContext): Promise<ContractSource | undefined>;
  readonly tables: readonly ContractTable[];
  /** names of tables that differ only in case are ambiguous: false when the source folds names by itself */
  readonly caseInsensitive?: boolean;
  /** false with a reason: reads cannot be continued, so a tiny budget must fail with SPLIT_TOO_LARGE */
  readonly continuation?: true | { readonly unsupported: string };
  readonly passthrough?: {
    readonly arguments: Readonly<Record<string, string>>;
    readonly rows: readonly (readonly unknown[])[];
  };
  readonly unreachable?: ContractFault;
  readonly wrongPassword?: ContractFault;
  /** random predicates a table; default 40 */
  readonly predicates?: number;
}

/** What of node:test's context is used, so that `requireServer` can be called with it. */
export interface ContractContext {
  skip(message?: string): void;
}
