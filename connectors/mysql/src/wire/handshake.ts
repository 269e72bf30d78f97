import net from 'node:net';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { ErganeError } from '@ergane/protocol';
import { ChunkBuffers } from './chunk-buffers.ts';
import { answerChallenge, finishAuthentication, withoutTerminator } from './authentication.ts';
import { readMysqlError } from './mysql-error.ts';
import { PacketReader, PacketWriter } from './packet-bytes.ts';
import { PacketStream } from './packet-stream.ts';

/** How to reach and enter a server. */
export interface WireOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string | undefined;
  /** `off`; `preferred`: where the server has it; `required`: else the connection is refused */
  readonly encryption: 'off' | 'preferred' | 'required';
  readonly tls: ConnectionOptions;
  /** without encryption, the server's public key may be trusted as it comes */
  readonly trustServerKey: boolean;
  readonly connectTimeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What the server tells of itself. */
export interface ServerGreeting {
  readonly version: string;
  readonly isMariaDb: boolean;
  /** what KILL names */
  readonly connectionId: number;
}

export interface OpenConnection {
  readonly stream: PacketStream;
  readonly greeting: ServerGreeting;
}

// capability flags (MySQL, "Capabilities Flags")
const LONG_PASSWORD = 1 << 0;
const LONG_FLAG = 1 << 2;
const CONNECT_WITH_DB = 1 << 3;
const PROTOCOL_41 = 1 << 9;
const SSL = 1 << 11;
const TRANSACTIONS = 1 << 13;
const SECURE_CONNECTION = 1 << 15;
const PLUGIN_AUTH = 1 << 19;
const PLUGIN_AUTH_LENGTH_ENCODED = 1 << 21;

/** utf8mb4_general_ci, which every server since 5.5 has */
const UTF8MB4 = 45;
const LONGEST_PACKET = 0x40000000;

/**
 * Connects, encrypts, logs in.
 * @throws MysqlError when the server refuses, ErganeError SOURCE_UNREACHABLE or SOURCE_ACCESS_DENIED, or the socket's own error
 */
export async function openConnection(options: WireOptions): Promise<OpenConnection> {
  const { socket, stream } = openSocket(options);
  const timer = setTimeout(() => socket.destroy(timedOut(options)), options.connectTimeoutMs);
  const abort = (): unknown => socket.destroy(new Error('the call was cancelled'));
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    return await greet(stream, options);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', abort);
  }
}

function timedOut({ host, port, connectTimeoutMs }: WireOptions): Error {
  return new ErganeError(
    'SOURCE_UNREACHABLE',
    `${host}:${port} did not answer within ${connectTimeoutMs} ms: check host, port, firewall and security group (connectTimeout in the connection string changes the time)`,
    { where: { host, port } },
  );
}

/** Where nothing is encrypted the socket reads into buffers that are used again; TLS makes its own. */
function openSocket({ host, port, encryption }: WireOptions): { socket: Socket; stream: PacketStream } {
  const place = { host, port, noDelay: true, keepAlive: true };
  if (encryption !== 'off') {
    const socket = net.connect(place);
    return { socket, stream: new PacketStream(socket) };
  }
  const buffers = new ChunkBuffers();
  const onread = {
    buffer: () => buffers.take(),
    callback(end: number, bytes: Uint8Array): boolean {
      // to answer false would stop the reading, and leave a socket that does not know it is paused
      if (Buffer.isBuffer(bytes) && !stream.push({ bytes, end })) socket.pause();
      return true;
    },
  };
  const socket = net.connect({ ...place, onread });
  const stream = new PacketStream(socket, buffers);
  return { socket, stream };
}

async function greet(plain: PacketStream, options: WireOptions): Promise<OpenConnection> {
  let stream = plain;
  const greeting = readGreeting(await stream.next());
  const canEncrypt = (greeting.capabilities & SSL) !== 0;
  if (options.encryption === 'required' && !canEncrypt) throw noTls(options);
  const isEncrypted = canEncrypt && options.encryption !== 'off';
  const flags =
    LONG_PASSWORD |
    LONG_FLAG |
    PROTOCOL_41 |
    TRANSACTIONS |
    SECURE_CONNECTION |
    PLUGIN_AUTH |
    (options.database === undefined ? 0 : CONNECT_WITH_DB) |
    (isEncrypted ? SSL : 0) |
    (greeting.capabilities & PLUGIN_AUTH_LENGTH_ENCODED);
  const start = new PacketWriter()
    .uint32(flags >>> 0)
    .uint32(LONGEST_PACKET)
    .uint8(UTF8MB4)
    .raw(Buffer.alloc(23))
    .finish();
  if (isEncrypted) {
    stream.write(start);
    stream = await encrypt(stream, options);
  }
  const credentials = { ...options, isEncrypted };
  // a challenge that this client cannot answer may be replaced by another in the server's next packet
  const plugin = greeting.plugin === 'caching_sha2_password' ? greeting.plugin : 'mysql_native_password';
  const answer = answerChallenge(plugin, greeting.nonce, credentials);
  const login = new PacketWriter().raw(start).nullTerminatedText(options.user);
  if ((flags & PLUGIN_AUTH_LENGTH_ENCODED) !== 0) login.lengthEncodedBytes(answer);
  else login.uint8(answer.length).raw(answer);
  if (options.database !== undefined) login.nullTerminatedText(options.database);
  stream.write(login.nullTerminatedText(plugin).finish());
  await finishAuthentication(stream, { plugin, nonce: greeting.nonce }, credentials);
  const { version, isMariaDb, connectionId } = greeting;
  return { stream, greeting: { version, isMariaDb, connectionId } };
}

interface Greeting extends ServerGreeting {
  readonly capabilities: number;
  readonly nonce: Buffer;
  readonly plugin: string;
}

function readGreeting(payload: Buffer): Greeting {
  if (payload[0] === 0xff) throw readMysqlError(payload);
  if (payload[0] !== 10)
    throw new Error(`protocol version ${payload[0]}: this is no MySQL server of version 4.1 or newer`);
  const reader = new PacketReader(payload, 1);
  // old replicas of MariaDB 10 say 5.5.5- first
  const version = reader.nullTerminatedText().replace(/^5\.5\.5-/, '');
  const connectionId = reader.uint32();
  const firstNonce = reader.take(8);
  reader.skip(1);
  const low = reader.uint16();
  reader.skip(3);
  const capabilities = (low | (reader.uint16() << 16)) >>> 0;
  const nonceLength = reader.uint8();
  reader.skip(10);
  const secondNonce = withoutTerminator(reader.take(Math.max(13, nonceLength - 8)));
  const plugin = (capabilities & PLUGIN_AUTH) !== 0 ? reader.nullTerminatedText() : 'mysql_native_password';
  return {
    version,
    isMariaDb: version.includes('MariaDB'),
    connectionId,
    capabilities,
    nonce: Buffer.concat([firstNonce, secondNonce]),
    plugin,
  };
}

async function encrypt(stream: PacketStream, options: WireOptions): Promise<PacketStream> {
  const { nextSequence, socket } = stream;
  stream.detach();
  const secure = tls.connect({
    ...options.tls,
    socket,
    // the name that the certificate must have; TLS itself knows no addresses as server names
    host: options.host,
    ...(net.isIP(options.host) === 0 && { servername: options.host }),
  });
  await new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve);
    secure.once('error', reject);
    secure.once('close', () => reject(new Error('the server closed the connection during the TLS handshake')));
    socket.once('error', reject);
  });
  secure.removeAllListeners('error');
  secure.removeAllListeners('close');
  const encrypted = new PacketStream(secure);
  encrypted.nextSequence = nextSequence;
  return encrypted;
}

function noTls({ host, port }: WireOptions): ErganeError {
  return new ErganeError(
    'SOURCE_UNREACHABLE',
    `${host}:${port} has no TLS, and the connection string demands it: switch TLS on at the server, or set sslMode=PREFERRED`,
    { where: { host, port } },
  );
}
