import { randomUUID } from 'node:crypto';
import { ErganeError } from '@ergane/protocol';
import type { EncryptionKey, SpillLocation, Split } from '@ergane/protocol';
import { makeEncryptionKey } from '@ergane/protocol/spill';
import type { Call } from './call.ts';
import type { Properties } from './connector.ts';

const DEFAULT_PREFIX = 'athena-federation-spill';

/** A split with a spill location that no other has, and its own key (sections 4.3, 4.4, 5.3). */
export function makeSplit(call: Call, properties: Properties): Split {
  return { spillLocation: makeSpillLocation(call), encryptionKey: makeKey(call), properties };
}

function makeSpillLocation({ context, invocation }: Call): SpillLocation {
  const { configOptions } = context.identity;
  const { environment } = invocation;
  const bucket = firstText(configOptions['spill_bucket'], environment['spill_bucket']);
  if (bucket === undefined)
    throw new ErganeError(
      'CONFIG_INVALID',
      `spill_bucket is not set: a function needs a place for results that are too large for one answer; set it in the environment of ${invocation.functionName}`,
      { where: { setting: 'spill_bucket' } },
    );
  const prefix = firstText(configOptions['spill_prefix'], environment['spill_prefix']) ?? DEFAULT_PREFIX;
  const { queryId } = context;
  const parts = queryId === '' || prefix.includes(queryId) ? [prefix, randomUUID()] : [prefix, queryId, randomUUID()];
  return { type: 'S3SpillLocation', bucket, key: parts.join('/'), directory: true };
}

function firstText(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text.trim() !== '');
}

function makeKey({ invocation }: Call): EncryptionKey | null {
  if (invocation.environment['disable_spill_encryption']?.toLowerCase() === 'true') return null;
  return makeEncryptionKey();
}
