import type { Server } from 'node:https';
import type { Socket } from 'node:net';

/** The connections of a server that have not carried a request yet. */
export interface UnusedConnections {
  /** Ends them all, and from now on every new one. */
  close(): void;
}

/**
 * Keeps track of them, because Node takes them for busy: API servers open connections in advance (Go's net/http dials
 * another one while it waits), and each would hold up the server's end until the deadline.
 */
export function unusedConnections(server: Server): UnusedConnections {
  // By the peer: the socket of a connection is not the one, with TLS around it, that its requests know.
  const unused = new Map<string, Socket>();
  let isClosing = false;
  server.on('connection', (socket: Socket) => {
    if (isClosing) {
      socket.destroy();
      return;
    }
    const peer = peerOf(socket);
    unused.set(peer, socket);
    socket.once('close', () => unused.get(peer) === socket && unused.delete(peer));
  });
  server.on('request', ({ socket }) => unused.delete(peerOf(socket)));
  return {
    close() {
      isClosing = true;
      for (const socket of unused.values()) socket.destroy();
    },
  };
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
