import { encodeBase64, encodeSplit } from '@ergane/protocol';
import { announces } from '../call.ts';
import type { Call } from '../call.ts';
import type { Properties } from '../connector.ts';
import { makeSplit } from '../make-split.ts';

type Members = Readonly<Record<string, unknown>>;

/** The split that resumes where the read stopped, in the wire's form (section 4.3), with a place of its own to spill to. */
export function continuationMember(call: Call, resume: Properties | undefined): Members {
  return resume === undefined ? {} : { continuation: encodeSplit(makeSplit(call, resume)) };
}

export function noncesMember({ context }: Call, nonces: readonly Uint8Array[]): Members {
  return nonces.length > 0 && announces(context.identity, 'blockNonces') ? { nonces: nonces.map(encodeBase64) } : {};
}
