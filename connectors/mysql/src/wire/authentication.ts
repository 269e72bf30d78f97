import { constants, createHash, publicEncrypt } from 'node:crypto';
import { ErganeError } from '@ergane/protocol';
import type { PacketStream } from './packet-stream.ts';
import { readMysqlError } from './mysql-error.ts';
import { PacketReader } from './packet-bytes.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** the password may be sent as it is: the connection is encrypted */
  readonly isEncrypted: boolean;
  /** without encryption, the server's public key may be trusted as it comes */
  readonly trustServerKey: boolean;
}

const SUPPORTED = ['mysql_native_password', 'caching_sha2_password', 'sha256_password', 'mysql_clear_password'];
const REQUEST_PUBLIC_KEY = 2;
const SHA256_REQUEST_PUBLIC_KEY = 1;
const FAST_SUCCESS = 3;
const FULL_AUTHENTICATION = 4;

/** What a client answers to a plugin's challenge. */
export function answerChallenge(plugin: string, nonce: Buffer, credentials: Credentials): Buffer {
  const { password, isEncrypted } = credentials;
  switch (plugin) {
    case 'mysql_native_password':
      return scrambleNative(password, nonce);
    case 'caching_sha2_password':
      return scrambleSha2(password, nonce);
    case 'sha256_password':
      if (password === '') return Buffer.from([0]);
      return isEncrypted ? clearPassword(password) : Buffer.from([SHA256_REQUEST_PUBLIC_KEY]);
    case 'mysql_clear_password':
      if (isEncrypted) return clearPassword(password);
      throw accessDenied(
        credentials.user,
        'the server wants the password in clear text, which is sent over TLS only: set sslMode=VERIFY_IDENTITY (or REQUIRED) in the connection string',
      );
    default:
      throw accessDenied(
        credentials.user,
        `the server asks for the authentication plugin "${plugin}", which this connector does not have: give the user one of ${SUPPORTED.join(', ')}`,
      );
  }
}

/** Follows the server's packets until it accepts. @throws MysqlError when it refuses */
export async function finishAuthentication(
  stream: PacketStream,
  first: { readonly plugin: string; readonly nonce: Buffer },
  credentials: Credentials,
): Promise<void> {
  let { plugin, nonce } = first;
  for (;;) {
    const payload = await stream.next();
    switch (payload[0]) {
      case 0x00:
        return;
      case 0xff:
        throw readMysqlError(payload);
      case 0xfe: {
        if (payload.length === 1) throw accessDenied(credentials.user, 'the server asks for passwords of before 4.1');
        const reader = new PacketReader(payload, 1);
        plugin = reader.nullTerminatedText();
        nonce = Buffer.from(withoutTerminator(reader.rest()));
        stream.write(answerChallenge(plugin, nonce, credentials));
        break;
      }
      case 0x01:
        await answerMore(stream, { plugin, nonce, data: payload.subarray(1) }, credentials);
        break;
      case undefined:
      default:
        throw new Error(`unexpected packet 0x${(payload[0] ?? 0).toString(16)} during authentication`);
    }
  }
}

interface MoreData {
  readonly plugin: string;
  readonly nonce: Buffer;
  readonly data: Buffer;
}

async function answerMore(
  stream: PacketStream,
  { plugin, nonce, data }: MoreData,
  credentials: Credentials,
): Promise<void> {
  if (plugin === 'sha256_password') {
    stream.write(encryptPassword(data, nonce, credentials.password));
    return;
  }
  if (data[0] === FAST_SUCCESS) return;
  if (data[0] !== FULL_AUTHENTICATION) throw new Error(`unexpected answer ${data[0]} of ${plugin}`);
  if (credentials.isEncrypted) {
    stream.write(clearPassword(credentials.password));
    return;
  }
  if (!credentials.trustServerKey)
    throw accessDenied(
      credentials.user,
      'the server wants the whole password over a connection without TLS: set sslMode=REQUIRED in the connection string, or allowPublicKeyRetrieval=true when the network is trusted',
    );
  stream.write(Buffer.from([REQUEST_PUBLIC_KEY]));
  const answer = await stream.next();
  if (answer[0] === 0xff) throw readMysqlError(answer);
  stream.write(encryptPassword(answer.subarray(1), nonce, credentials.password));
}

function accessDenied(user: string, reason: string): ErganeError {
  return new ErganeError('SOURCE_ACCESS_DENIED', `cannot log in as "${user}": ${reason}`, { where: { user } });
}

function clearPassword(password: string): Buffer {
  return Buffer.from(`${password}\0`, 'utf8');
}

export function withoutTerminator(nonce: Buffer): Buffer {
  return nonce[nonce.length - 1] === 0 ? nonce.subarray(0, nonce.length - 1) : nonce;
}

function hash(algorithm: 'sha1' | 'sha256', ...parts: readonly Uint8Array[]): Buffer {
  const digest = createHash(algorithm);
  for (const part of parts) digest.update(part);
  return digest.digest();
}

function exclusiveOr(bytes: Buffer, key: Buffer): Buffer {
  return Buffer.from(bytes.map((byte, index) => byte ^ (key[index % key.length] ?? 0)));
}

/** SHA1(password) XOR SHA1(nonce + SHA1(SHA1(password))) */
function scrambleNative(password: string, nonce: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  const once = hash('sha1', Buffer.from(password, 'utf8'));
  return exclusiveOr(once, hash('sha1', nonce, hash('sha1', once)));
}

/** SHA256(password) XOR SHA256(SHA256(SHA256(password)) + nonce) */
function scrambleSha2(password: string, nonce: Buffer): Buffer {
  if (password === '') return Buffer.alloc(0);
  const once = hash('sha256', Buffer.from(password, 'utf8'));
  return exclusiveOr(once, hash('sha256', hash('sha256', once), nonce));
}

function encryptPassword(publicKey: Buffer, nonce: Buffer, password: string): Buffer {
  const key = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING };
  return publicEncrypt(key, exclusiveOr(clearPassword(password), nonce));
}
