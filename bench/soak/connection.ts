import { connect } from 'node:tls';

/** Who is asked, and by whose certificate it is known (PEM). */
export interface Peer {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
}

/** An HTTP answer. */
export interface Answer {
  readonly code: number;
  /** From the status line to the last header. */
  readonly head: string;
  readonly body: Buffer;
}

/** A connection that is kept alive, and carries one request at a time. */
export interface Connection {
  /** Sends the bytes of a request. Rejects when the connection ends before the answer is whole. */
  ask(request: Uint8Array): Promise<Answer>;
  /** Sends more of that request. */
  send(piece: Uint8Array): void;
  /** False once either side has ended it, or the server has said that it will. */
  isOpen(): boolean;
  close(): void;
}

/**
 * Opens a connection over TLS; rejects where that fails. Answers are read as Portcullis sends them: each has a
 * Content-Length. `onEnd` is called once when an open one ends, whoever ended it.
 */
export async function connected({ host, port, ca }: Peer, onEnd: () => void = () => {}): Promise<Connection> {
  const shaken = Promise.withResolvers<void>();
  const socket = connect({ host, port, ca, noDelay: true } as never, shaken.resolve);
  let waiting: PromiseWithResolvers<Answer> | undefined;
  let why = 'the server closed the connection';
  let isClosing = false;
  let isOpen = false;
  socket.on('error', (error) => {
    why = error.message;
    shaken.reject(error);
  });
  socket.on('close', () => {
    isClosing = true;
    shaken.reject(new Error(why));
    waiting?.reject(new Error(why));
    if (isOpen) onEnd();
  });
  const heard = reader((answer) => {
    if (/^connection: close\r?$/im.test(answer.head)) isClosing = true;
    const asked = waiting;
    waiting = undefined;
    asked?.resolve(answer);
    if (isClosing) socket.end();
  });
  socket.on('data', heard);
  await shaken.promise;
  isOpen = true;
  return {
    ask(request) {
      if (isClosing) return Promise.reject(new Error(why));
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    send: (piece) => void socket.write(piece),
    isOpen: () => !isClosing,
    close: () => void socket.destroy(),
  };
}

/** Takes what comes in pieces of any size, and gives each answer once it is whole. */
function reader(onAnswer: (answer: Answer) => void): (piece: Buffer) => void {
  let pieces: Buffer[] = [];
  let head: string | undefined;
  let missing = 0;
  return (piece) => {
    pieces.push(piece);
    missing -= piece.length;
    if (head === undefined) {
      const all = Buffer.concat(pieces);
      const end = all.indexOf('\r\n\r\n');
      pieces = [all];
      if (end < 0) return;
      head = all.toString('latin1', 0, end);
      pieces = [all.subarray(end + 4)];
      missing = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0) - (all.length - end - 4);
    }
    if (missing > 0) return;
    const answer = { code: Number(head.slice(9, 12)), head, body: Buffer.concat(pieces) };
    pieces = [];
    head = undefined;
    onAnswer(answer);
  };
}

/** The bytes of a POST, as an API server sends it. */
export function requestOf({ host, port }: Peer, path: string, body: Uint8Array): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Content-Type: application/json',
    'Accept: application/json, */*',
    `Content-Length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
