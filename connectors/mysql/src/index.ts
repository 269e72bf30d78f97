import { defineConnector } from '@ergane/sdk';
import { makeConnectionPool } from './connection-pool.ts';
import { makeIamToken } from './iam-token.ts';
import { makeMysqlDefinition } from './make-connector.ts';

/** MySQL, MariaDB, Aurora MySQL. See README.md. */
export const connector = defineConnector(makeMysqlDefinition(makeConnectionPool(makeIamToken)));
export default connector;
