import { AwsJson1_0Protocol } from '@aws-sdk/core/protocols';
import type {
  EndpointBearer,
  HandlerExecutionContext,
  HttpRequest,
  HttpResponse,
  MetadataBearer,
  OperationSchema,
  SerdeFunctions,
} from '@smithy/types';

import { parseItemsAnswer } from './items-answer.ts';

const NOTHING = Buffer.from('{}');

/** The member of an output that holds the answer as it came. */
export const WIRE_ANSWER = Symbol('wire answer');

/**
 * The AWS SDK's own protocol but for the bodies: inputs are written and answers parsed as plain JSON, because the SDK's conversion of
 * every attribute value by its schema costs more than all else of a scan. Signing, endpoints, retries and errors stay the SDK's.
 */
export class WireProtocol extends AwsJson1_0Protocol {
  override async serializeRequest<Input extends object>(
    operation: OperationSchema,
    input: Input,
    context: HandlerExecutionContext & SerdeFunctions & EndpointBearer,
  ): Promise<HttpRequest> {
    const request = await super.serializeRequest(operation, {}, context);
    request.body = JSON.stringify(input);
    return request;
  }

  override async deserializeResponse<Output extends MetadataBearer>(
    operation: OperationSchema,
    context: HandlerExecutionContext & SerdeFunctions,
    response: HttpResponse,
  ): Promise<Output> {
    if (this.isErrorResponse(response.statusCode)) return super.deserializeResponse(operation, context, response);
    const bytes = await context.streamCollector(response.body);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isItems = operation.name === 'Scan' || operation.name === 'Query';
    const answer: unknown = isItems ? parseItemsAnswer(buffer) : JSON.parse(buffer.toString());
    // the SDK types an output by its command: it makes one, of nothing, to which the answer is tied
    response.body = NOTHING;
    const output = await super.deserializeResponse<Output>(operation, context, response);
    return Object.assign(output, { [WIRE_ANSWER]: answer });
  }
}
