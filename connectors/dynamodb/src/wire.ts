/**
 * DynamoDB's JSON as it is on the wire (AWS: "DynamoDB low-level API"): one member names the type, numbers are text, bytes are base64.
 */
export interface WireValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly M?: WireItem;
  readonly L?: readonly WireValue[];
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
}
/** An item, a key, or the members of a map. */
export type WireItem = Readonly<Record<string, WireValue>>;

/** Types of key attributes. */
export type KeyType = 'S' | 'N' | 'B';

export interface ConsumedCapacity {
  readonly CapacityUnits?: number;
}

/** What Scan and Query answer. */
export interface ItemsAnswer {
  readonly Items?: readonly WireItem[];
  /** the items as they came: JSON, between the brackets of the list */
  readonly ItemBytes?: Buffer;
  readonly Count?: number;
  readonly ScannedCount?: number;
  readonly LastEvaluatedKey?: WireItem;
  readonly ConsumedCapacity?: ConsumedCapacity;
}

export interface BatchGetAnswer {
  readonly Responses?: Readonly<Record<string, readonly WireItem[]>>;
  readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys?: readonly WireItem[] }>>;
  readonly ConsumedCapacity?: readonly ConsumedCapacity[];
}

export interface StatementAnswer {
  readonly Items?: readonly WireItem[];
  readonly NextToken?: string;
  readonly ConsumedCapacity?: ConsumedCapacity;
}

export interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface IndexDescription {
  readonly IndexName: string;
  readonly IndexStatus?: string;
  readonly Backfilling?: boolean;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection?: {
    readonly ProjectionType?: 'ALL' | 'KEYS_ONLY' | 'INCLUDE';
    readonly NonKeyAttributes?: readonly string[];
  };
}

/** The part of DescribeTable's answer that planning needs. Sizes are refreshed by the service every six hours. */
export interface TableFacts {
  readonly TableName: string;
  readonly TableStatus?: string;
  /** differs when a table was deleted and made again */
  readonly TableId?: string;
  readonly KeySchema: readonly KeyElement[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: KeyType }[];
  readonly ItemCount?: number;
  readonly TableSizeBytes?: number;
  readonly GlobalSecondaryIndexes?: readonly IndexDescription[];
  readonly LocalSecondaryIndexes?: readonly IndexDescription[];
}

/** Operation -> what it answers. */
export interface WireAnswers {
  readonly Scan: ItemsAnswer;
  readonly Query: ItemsAnswer;
  readonly BatchGetItem: BatchGetAnswer;
  readonly ExecuteStatement: StatementAnswer;
  readonly DescribeTable: { readonly Table: TableFacts };
  readonly ListTables: { readonly TableNames?: readonly string[]; readonly LastEvaluatedTableName?: string };
}
export type Operation = keyof WireAnswers;

/** An operation's input, as JSON. */
export type WireInput = Readonly<Record<string, unknown>>;
