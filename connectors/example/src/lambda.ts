import { lambdaHandler } from '@ergane/sdk/lambda';
import { connector } from './index.ts';

export const handler = lambdaHandler(connector);
