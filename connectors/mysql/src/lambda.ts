import { lambdaHandler } from '@ergane/sdk/lambda';
import { connector } from './index.ts';

/** The handler of an AWS Lambda function. */
export const handler = lambdaHandler(connector);
