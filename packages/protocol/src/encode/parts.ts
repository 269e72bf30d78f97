import { encodeBase64 } from '../base64.ts';
import type { EncryptionKey, Identity, SpillLocation, Split, TableName } from '../messages.ts';
import type { Json } from './arrow-type.ts';

/** Who asks; `id` and `principal` are legacy and always unknown (section 1.2). */
export function encodeIdentity({ account, arn, tags, groups, configOptions }: Identity): Json {
  return { id: 'UNKNOWN', principal: 'UNKNOWN', account, arn, tags, groups, configOptions };
}

export function encodeTableName({ schemaName, tableName }: TableName): Json {
  return { schemaName, tableName };
}

export function encodeSplit({ spillLocation, encryptionKey, properties }: Split): Json {
  return {
    spillLocation: spillLocation && encodeSpillLocation(spillLocation),
    encryptionKey: encodeEncryptionKey(encryptionKey),
    properties,
  };
}

export function encodeSpillLocation({ type, bucket, key, directory }: SpillLocation): Json {
  return { '@type': type, bucket, key, directory };
}

export function encodeEncryptionKey(key: EncryptionKey | null): Json | null {
  return key && { key: encodeBase64(key.key), nonce: encodeBase64(key.nonce) };
}
