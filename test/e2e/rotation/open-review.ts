/** What can be seen from outside of a TLS connection: whether somebody waits for an answer on it. */
export interface OpenReview {
  readonly isOpen: boolean;
  /** The client has sent these bytes. */
  asked(bytes: Buffer): void;
  /** The server has. */
  answered(bytes: Buffer): void;
}

/**
 * Follows one connection of an API server, which begins one to ask something, and asks one thing at a time. It goes by the
 * headers of TLS 1.3's records (RFC 8446 §5), which are all that can be read: when the client has ended the handshake,
 * the server sends two tickets for sessions, as OpenSSL does unless told otherwise, and then a record for each answer.
 */
export function openReview(): OpenReview {
  let isOpen = true;
  let handshakeEnded = Number.POSITIVE_INFINITY;
  let ofClient = 0;
  let ofServer = 0;
  const client = recordLengths((length) => {
    ofClient++;
    if (ofClient === 1) handshakeEnded = performance.now();
    else if (length !== CLOSE_NOTIFY) isOpen = true;
  });
  const server = recordLengths((length) => {
    // Of the handshake, until the client has ended it.
    if (ofClient === 0) return;
    ofServer++;
    if (ofServer > TICKETS && length !== CLOSE_NOTIFY) isOpen = false;
  });
  return {
    get isOpen() {
      const isUnused = ofClient === 1 && performance.now() - handshakeEnded > UNUSED_MS;
      return isOpen && !isUnused;
    },
    asked: client,
    answered: server,
  };
}

/** An older connection became free while this one was begun: then it is kept for what is asked later. */
const UNUSED_MS = 200;
const TICKETS = 2;
/** An alert's two bytes, its type, and the tag of the encryption. */
const CLOSE_NOTIFY = 19;
const APPLICATION_DATA = 23;
const HEADER = 5;

/** Gives what takes the bytes of a stream, and tells the length of each encrypted record once its header is there. */
function recordLengths(tell: (length: number) => void): (bytes: Buffer) => void {
  let header = Buffer.alloc(0);
  let rest = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      if (rest > 0) {
        const skipped = Math.min(rest, bytes.length - at);
        rest -= skipped;
        at += skipped;
        continue;
      }
      const piece = bytes.subarray(at, at + HEADER - header.length);
      header = Buffer.concat([header, piece]);
      at += piece.length;
      if (header.length < HEADER) return;
      rest = header.readUInt16BE(3);
      if (header[0] === APPLICATION_DATA) tell(rest);
      header = Buffer.alloc(0);
    }
  };
}
