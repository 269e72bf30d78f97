import type { CallContext } from '@ergane/sdk';
import type { Client } from '../client.ts';
import type { ResumePoint } from '../plan/read-plan.ts';
import type { WireItem } from '../wire.ts';

/** One answer of DynamoDB. */
export interface Page {
  /** parsed when they are asked for, where `bytes` has them */
  readonly items: readonly WireItem[];
  /** the items' JSON, between the brackets of the list */
  readonly bytes: Buffer | undefined;
  /** matching items, also where they are only counted */
  readonly count: number;
  /** items that DynamoDB looked at */
  readonly scanned: number;
  readonly capacity: number;
  readonly retries: number;
  /** the read goes on here; undefined: this was the last page */
  readonly next: ResumePoint | undefined;
  /** which key condition or batch it belongs to */
  readonly part: number;
}

export interface PageSource {
  readonly context: CallContext;
  readonly client: Client;
  readonly from: ResumePoint | undefined;
  /** Asks for the next page while this one is decoded; off where a read may stop early. */
  readonly ahead: boolean;
  /** the `Limit` of a request, by its number; undefined: as much as DynamoDB gives (1 MB) */
  pageLimit(request: number): number | undefined;
}

/** Context whose signal also ends with the generator that uses it, so that a page asked for in advance is not waited for. */
export function withOwnSignal(context: CallContext): { readonly context: CallContext } & Disposable {
  const own = new AbortController();
  const signal = AbortSignal.any([context.signal, own.signal]);
  return {
    context: { ...context, signal },
    [Symbol.dispose]: () => own.abort(),
  };
}

/** A request that runs while nobody waits for it: its failure is told by whoever awaits it. */
export function startAhead<Result>(request: Promise<Result>): Promise<Result> {
  request.catch(() => undefined);
  return request;
}
