import { lambdaHandler } from '@ergane/sdk/lambda';
import connector from './index.ts';

/** The Lambda function's handler: `dynamodb.handler`. */
export const handler = lambdaHandler(connector);
