import {
  batchOfValues,
  type Block,
  type Constraints,
  type FederationExpression,
  type FederationRequest,
  type FederationResponse,
  type Identity,
  type Split,
  type TableName,
  valueSchema,
} from '@ergane/protocol';
import fc from 'fast-check';
import { anyBatch, anySchema, anyValue, scalarType } from './arbitrary-batch.ts';
import { someValueSet } from './arbitrary-value-set.ts';

const plain = { noNullPrototype: true } as const;
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const textMap = fc.dictionary(text, text, { maxKeys: 3, ...plain });
const texts = fc.array(text, { maxLength: 3 });
const textOrNull = fc.option(text);
const size = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });

const identity: fc.Arbitrary<Identity> = fc.record(
  { account: text, arn: text, tags: textMap, groups: texts, configOptions: textMap },
  plain,
);
const tableName: fc.Arbitrary<TableName> = fc.record({ schemaName: text, tableName: text }, plain);
const block: fc.Arbitrary<Block> = anyBatch.map((batch) => ({ schema: batch.schema, batch }));

const encryptionKey = fc.record(
  {
    key: fc.constantFrom(16, 24, 32).chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
    nonce: fc.uint8Array({ minLength: 12, maxLength: 12 }),
  },
  plain,
);
const spillLocation = fc.record(
  { type: fc.constant('S3SpillLocation' as const), bucket: text, key: text, directory: fc.boolean() },
  plain,
);
export const anySplit: fc.Arbitrary<Split> = fc.record(
  { spillLocation: fc.option(spillLocation), encryptionKey: fc.option(encryptionKey), properties: textMap },
  plain,
);

const constant: fc.Arbitrary<FederationExpression> = scalarType.chain((type) =>
  anyValue(type).map((value) => {
    const schema = valueSchema(type);
    return { kind: 'ConstantExpression', valueBlock: { schema, batch: batchOfValues(schema, [value]) }, type };
  }),
);
const variable: fc.Arbitrary<FederationExpression> = fc
  .tuple(text, scalarType)
  .map(([columnName, type]) => ({ kind: 'VariableExpression', columnName, type }));
const expression: fc.Arbitrary<FederationExpression> = fc.letrec<{ expression: FederationExpression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3 },
    variable,
    constant,
    fc
      .tuple(scalarType, text, fc.array(tie('expression'), { maxLength: 3 }))
      .map(([type, functionName, args]): FederationExpression => {
        return { kind: 'FunctionCallExpression', type, functionName, arguments: args };
      }),
  ),
})).expression;

const direction = fc.constantFrom(
  'ASC_NULLS_FIRST' as const,
  'ASC_NULLS_LAST' as const,
  'DESC_NULLS_FIRST' as const,
  'DESC_NULLS_LAST' as const,
);
const constraints: fc.Arbitrary<Constraints> = fc.record(
  {
    summary: fc.dictionary(text, someValueSet, { maxKeys: 3, ...plain }),
    expression: fc.array(expression, { maxLength: 2 }),
    orderByClause: fc.array(fc.record({ columnName: text, direction }, plain), { maxLength: 2 }),
    limit: fc.integer({ min: -1 }),
    queryPassthroughArguments: textMap,
    queryPlan: fc.option(fc.record({ substraitVersion: text, substraitPlan: text }, plain)),
  },
  plain,
);

const prefix = { identity, queryId: textOrNull, catalogName: text };
const message = <Type extends string, Members>(
  type: Type,
  members: { [Member in keyof Members]: fc.Arbitrary<Members[Member]> },
) => fc.record<Members>(members).map((made) => ({ type, ...made }));

export const anyRequest: fc.Arbitrary<FederationRequest> = fc.oneof(
  message('PingRequest', prefix),
  message('ListSchemasRequest', prefix),
  message('GetDataSourceCapabilitiesRequest', prefix),
  message('ListTablesRequest', { ...prefix, schemaName: text, nextToken: textOrNull, pageSize: fc.integer() }),
  message('GetTableRequest', { ...prefix, tableName, queryPassthroughArguments: textMap }),
  message('GetTableLayoutRequest', { ...prefix, tableName, constraints, schema: anySchema, partitionColumns: texts }),
  message('GetSplitsRequest', {
    ...prefix,
    tableName,
    partitions: block,
    partitionColumns: texts,
    constraints,
    continuationToken: textOrNull,
  }),
  message('ReadRecordsRequest', {
    ...prefix,
    tableName,
    schema: anySchema,
    split: anySplit,
    constraints,
    maxBlockSize: size,
    maxInlineBlockSize: size,
  }),
  message('UserDefinedFunctionRequest', {
    identity,
    inputRecords: block,
    outputSchema: anySchema,
    methodName: text,
    functionType: fc.constant('SCALAR' as const),
  }),
);

const subTypes = fc.array(fc.record({ subType: text, properties: texts }, plain), { maxLength: 2 });

export const anyResponse: fc.Arbitrary<FederationResponse> = fc.oneof(
  message('PingResponse', {
    catalogName: text,
    queryId: textOrNull,
    sourceType: text,
    capabilities: fc.nat(),
    serDeVersion: fc.nat(),
  }),
  message('ListSchemasResponse', { catalogName: text, schemas: texts }),
  message('ListTablesResponse', {
    tables: fc.array(tableName, { maxLength: 3 }),
    catalogName: text,
    nextToken: textOrNull,
  }),
  message('GetTableResponse', { catalogName: text, tableName, schema: anySchema, partitionColumns: texts }),
  message('GetTableLayoutResponse', { catalogName: text, tableName, partitions: block }),
  message('GetSplitsResponse', {
    catalogName: text,
    splits: fc.array(anySplit, { maxLength: 3 }),
    continuationToken: textOrNull,
  }),
  message('GetDataSourceCapabilitiesResponse', {
    catalogName: text,
    capabilities: fc.dictionary(text, subTypes, { maxKeys: 3, ...plain }),
  }),
  message('ReadRecordsResponse', { catalogName: text, records: block }),
  message('RemoteReadRecordsResponse', {
    catalogName: text,
    schema: anySchema,
    remoteBlocks: fc.array(spillLocation, { maxLength: 3 }),
    encryptionKey: fc.option(encryptionKey),
  }),
  message('UserDefinedFunctionResponse', { records: block, methodName: text }),
);
