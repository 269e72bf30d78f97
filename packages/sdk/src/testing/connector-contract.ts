import { after, before, describe, test } from 'node:test';
import type { ContractOptions } from './contract.ts';
import { openSession } from './contract-session.ts';
import type { ContractSession } from './contract-session.ts';
import { faultsContract } from './faults-contract.ts';
import { metadataContract } from './metadata-contract.ts';
import { predicatesContract } from './predicates-contract.ts';
import { rowsContract } from './rows-contract.ts';

/**
 * The suite that every connector passes against its real source, through the wire and the in-process host: metadata and paging, names,
 * all rows once by any way, projections, predicates, limits, continuation, spill, and errors. It registers tests of node:test.
 */
export function connectorContract(options: ContractOptions): void {
  describe(`${options.name}: the connector contract`, () => {
    let session: ContractSession | undefined;
    let skipped: string | undefined;
    before(async () => {
      const source = await options.open({ skip: (message) => void (skipped = message ?? 'no source') });
      if (source === undefined) skipped ??= 'no source';
      else session = await openSession(options, source);
    });
    after(async () => session?.[Symbol.asyncDispose]());
    for (const contract of [metadataContract, rowsContract, predicatesContract, faultsContract])
      for (const [name, check] of Object.entries(contract))
        test(name, async (context) => {
          if (session === undefined) context.skip(skipped);
          else await check(session, options);
        });
  });
}
