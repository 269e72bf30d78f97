import { Found, invalid } from '../invalid.ts';
import type { EncryptionKey, Identity, SpillLocation, Split, TableName } from '../messages.ts';
import { JsonObject, readArray, readMap, readText } from './json-object.ts';

/** Who asks (section 1.2). Members that old or new callers leave out are empty. */
export function decodeIdentity(value: unknown, path: string): Identity {
  const identity = new JsonObject(value, path);
  const textMap = (item: unknown, at: string) => readMap(item, at, readText);
  return {
    account: identity.textOrNull('account') ?? '',
    arn: identity.textOrNull('arn') ?? '',
    tags: identity.optional('tags', textMap) ?? {},
    groups: identity.optional('groups', (item, at) => readArray(item, at, readText)) ?? [],
    configOptions: identity.optional('configOptions', textMap) ?? {},
  };
}

export function decodeTableName(value: unknown, path: string): TableName {
  const name = new JsonObject(value, path);
  return { schemaName: name.text('schemaName'), tableName: name.text('tableName') };
}

/** A split (section 4.3); also the extension member `continuation` of a read's response holds one. */
export function decodeSplit(value: unknown, path: string): Split {
  const split = new JsonObject(value, path);
  return {
    spillLocation: split.optional('spillLocation', decodeSpillLocation) ?? null,
    encryptionKey: split.optional('encryptionKey', decodeEncryptionKey) ?? null,
    properties: split.textMap('properties'),
  };
}

export function decodeSpillLocation(value: unknown, path: string): SpillLocation {
  const location = new JsonObject(value, path);
  const type = location.word('@type', ['S3SpillLocation']);
  return {
    type,
    bucket: location.text('bucket'),
    key: location.text('key'),
    directory: location.boolean('directory'),
  };
}

export function decodeEncryptionKey(value: unknown, path: string): EncryptionKey {
  const object = new JsonObject(value, path);
  const key = object.bytes('key');
  const nonce = object.bytes('nonce');
  if (![16, 24, 32].includes(key.length))
    throw invalid(object.at('key'), 'an AES key of 16, 24 or 32 bytes', new Found(`${key.length} bytes`));
  if (nonce.length !== 12) throw invalid(object.at('nonce'), 'a nonce of 12 bytes', new Found(`${nonce.length} bytes`));
  return { key, nonce };
}
