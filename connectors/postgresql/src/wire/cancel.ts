import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { ConnectionOptions } from 'node:tls';

/** What the server gave at the login, to cancel with. */
export interface SessionKey {
  readonly processId: number;
  readonly secretKey: number;
}

export interface CancelTarget {
  readonly host: string;
  readonly port: number;
  readonly tls: ConnectionOptions | false;
}

const TIMEOUT_MS = 5000;
const SSL_REQUEST = encodeWords([8, 80_877_103]);
const CANCEL = 80_877_102;
const YES = 0x53;

/**
 * Asks the server to stop what a session runs. A cancel request has a connection of its own, which the server closes once it has passed
 * the signal on (documentation, section 55.2.9). A server that cannot be reached has nothing to cancel.
 */
export function sendCancel(key: SessionKey, target: CancelTarget): Promise<void> {
  const request = encodeWords([16, CANCEL, key.processId, key.secretKey]);
  return new Promise((resolve) => {
    const socket = net.connect(target.port, target.host);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve());
    const send = (stream: Duplex): void => {
      stream.on('error', () => socket.destroy());
      // the server closes; until then its answer, which is none, has to be read
      stream.resume();
      stream.write(request);
    };
    socket.on('connect', () => {
      if (target.tls === false) return send(socket);
      socket.write(SSL_REQUEST);
      socket.once('data', (answer) => {
        if (answer[0] !== YES) return socket.destroy();
        const servername = net.isIP(target.host) === 0 ? { servername: target.host } : {};
        const secure = tls.connect({ ...target.tls, ...servername, host: target.host, socket }, () => send(secure));
        secure.on('error', () => socket.destroy());
        return undefined;
      });
    });
  });
}

function encodeWords(words: readonly number[]): Buffer {
  const buffer = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) buffer.writeInt32BE(word, index * 4);
  return buffer;
}
