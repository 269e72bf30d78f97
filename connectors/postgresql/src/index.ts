import { defineConnector } from '@ergane/sdk';
import { makePostgresqlDefinition } from './definition.ts';

/** PostgreSQL, RDS for PostgreSQL and Aurora. The README says how types, conditions and splits are treated. */
export const connector = defineConnector(makePostgresqlDefinition());
export default connector;
export { makePostgresqlDefinition } from './definition.ts';
