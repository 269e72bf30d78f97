import { defineConnector } from '@ergane/sdk';
import { makeDynamodbDefinition } from './definition.ts';

export { makeDynamodbDefinition } from './definition.ts';

export const connector = defineConnector(makeDynamodbDefinition());
export default connector;
