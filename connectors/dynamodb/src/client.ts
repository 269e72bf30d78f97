import {
  BatchGetItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  ListTablesCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type {
  BatchGetItemCommandInput,
  DescribeTableCommandInput,
  ExecuteStatementCommandInput,
  ListTablesCommandInput,
  QueryCommandInput,
  ScanCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { CallContext } from '@ergane/sdk';
import { makeCredentials } from './credentials.ts';
import { isThrottle, toErganeError } from './errors.ts';
import type { ClientConfig } from './config.ts';
import { TransientRetry } from './retry.ts';
import { WIRE_ANSWER, WireProtocol } from './wire-protocol.ts';
import type { Operation, WireAnswers, WireInput } from './wire.ts';

export interface Answered<Answer> {
  readonly answer: Answer;
  /** attempts that failed before, in the AWS SDK and by throttling */
  readonly retries: number;
}

/** DynamoDB, spoken in wire JSON. */
export interface Client {
  /** One request, run again while the service asks to slow down. @throws ErganeError SOURCE_… */
  call<Name extends Operation>(
    context: CallContext,
    operation: Name,
    input: WireInput,
  ): Promise<Answered<WireAnswers[Name]>>;
  destroy(): void;
}

interface SendOptions {
  readonly abortSignal: AbortSignal;
}

const SEND: {
  readonly [Name in Operation]: (client: DynamoDBClient, input: never, options: SendOptions) => Promise<object>;
} = {
  Scan: (client, input: ScanCommandInput, options) => client.send(new ScanCommand(input), options),
  Query: (client, input: QueryCommandInput, options) => client.send(new QueryCommand(input), options),
  BatchGetItem: (client, input: BatchGetItemCommandInput, options) =>
    client.send(new BatchGetItemCommand(input), options),
  ExecuteStatement: (client, input: ExecuteStatementCommandInput, options) =>
    client.send(new ExecuteStatementCommand(input), options),
  DescribeTable: (client, input: DescribeTableCommandInput, options) =>
    client.send(new DescribeTableCommand(input), options),
  ListTables: (client, input: ListTablesCommandInput, options) => client.send(new ListTablesCommand(input), options),
};

export function openClient(config: ClientConfig): Client {
  const client = new DynamoDBClient({
    protocol: WireProtocol,
    ...(config.region !== undefined && { region: config.region }),
    ...(config.endpoint !== undefined && { endpoint: config.endpoint }),
    credentials: makeCredentials(config),
    retryStrategy: new TransientRetry(),
  });
  return {
    async call<Name extends Operation>(context: CallContext, operation: Name, input: WireInput) {
      let tries = 0;
      const attempt = async (): Promise<object> => {
        tries++;
        // inputs are plain JSON: the protocol writes them as they are
        return SEND[operation](client, input as never, { abortSignal: context.signal });
      };
      try {
        const output = await context.throttled(attempt, isThrottle);
        const answer: unknown = Reflect.get(output, WIRE_ANSWER);
        return { answer: answer as WireAnswers[Name], retries: tries - 1 + (readAttempts(output) - 1) };
      } catch (error) {
        throw toErganeError(error, { context, operation, input, config });
      }
    },
    destroy: () => client.destroy(),
  };
}

function readAttempts(output: object): number {
  const metadata: unknown = Reflect.get(output, '$metadata');
  const attempts: unknown = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'attempts') : 1;
  return typeof attempts === 'number' ? attempts : 1;
}

/** One client for all invocations of an environment that have the same settings. */
export function makeClients(open: (config: ClientConfig) => Client = openClient): (config: ClientConfig) => Client {
  const clients = new Map<string, Client>();
  return (config) => {
    const key = JSON.stringify(config);
    const client = clients.get(key) ?? open(config);
    clients.set(key, client);
    return client;
  };
}
