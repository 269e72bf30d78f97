import { defineConnector } from '@ergane/sdk';
import { makeRedisDefinition } from './definition.ts';

export { makeRedisDefinition } from './definition.ts';

export const connector = defineConnector(makeRedisDefinition());
export default connector;
