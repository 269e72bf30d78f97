import { lambdaHandler } from '@ergane/sdk/lambda';
import { connector } from './index.ts';

/** The handler of AWS Lambda. */
export const handler = lambdaHandler(connector);
