import { ErganeError } from '@ergane/protocol';
import type { ObjectStore } from '@ergane/storage';
import { makeCaseResolution } from './case-resolution.ts';
import type { CaseResolution } from './case-resolution.ts';
import type { ConnectorDefinition, Settings } from './connector.ts';
import { makeRedaction } from './redact.ts';
import type { Redaction } from './redact.ts';
import { makeSettings, openSecretsManager, withSecretCache } from './settings.ts';
import type { Environment } from './settings.ts';
import { makeThrottle, readThrottleOptions } from './throttle.ts';
import type { Throttle } from './throttle.ts';

/** What a connector keeps between the invocations of one function instance, which has one environment. */
export interface Instance {
  readonly settings: Settings;
  readonly resolution: CaseResolution;
  readonly throttle: Throttle;
  readonly redaction: Redaction;
  /** where spilled blocks go; opened with the first one */
  openSpillStore(): Promise<ObjectStore>;
}

export function makeInstance(definition: ConnectorDefinition, environment: Environment): Instance {
  const redaction = makeRedaction(environment);
  let throttle: Throttle | undefined;
  let store: Promise<ObjectStore> | undefined;
  return {
    settings: makeSettings(environment, withSecretCache(openSecretsManager(environment)), redaction.add),
    resolution: makeCaseResolution(definition),
    redaction,
    get throttle() {
      return (throttle ??= makeThrottle(readThrottleOptions(environment)));
    },
    openSpillStore() {
      return (store ??= openSpillStore(environment['ergane_spill_store']));
    },
  };
}

/** Loaded only when something spills: it is much of a cold start. */
async function openSpillStore(url: string | undefined): Promise<ObjectStore> {
  const { openStore } = await import('@ergane/storage');
  try {
    return openStore(url === undefined || url.trim() === '' ? 's3://' : url);
  } catch (cause) {
    if (cause instanceof ErganeError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `ergane_spill_store is no store (${reason}): use a folder, file:///… or s3+http://key:secret@host:port`;
    throw new ErganeError('CONFIG_INVALID', message, { where: { setting: 'ergane_spill_store' }, cause });
  }
}
