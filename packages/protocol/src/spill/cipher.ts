import { ErganeError } from '../errors.ts';
import type { EncryptionKey } from '../messages.ts';

export type CipherName = 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm';

/** AES by the key's length: AWS's local keys have 32 bytes, those of KMS 16 (section 5.3). */
export function cipherName({ key, nonce }: EncryptionKey): CipherName {
  if (nonce.length === 12)
    switch (key.length) {
      case 16:
        return 'aes-128-gcm';
      case 24:
        return 'aes-192-gcm';
      case 32:
        return 'aes-256-gcm';
      default:
    }
  throw new ErganeError(
    'SPILL_CORRUPT',
    `an encryption key of ${key.length} bytes with a nonce of ${nonce.length}: AES-GCM here takes a key of 16, 24 or 32 bytes and a nonce of 12`,
  );
}

/** OpenSSL is given this much at once: what stays in the processor's cache is nearly twice as fast as 10 MB in one call. */
export const PIECE = 1 << 18;
