/** A stream of bytes between a worker and its owner. */
export interface Stream {
  write(bytes: Uint8Array): unknown;
  /** What is written from here on leaves at once with `uncork`. */
  cork(): void;
  uncork(): void;
  /** Closes it, and what has not been read is lost. */
  destroy(): unknown;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
}

/** One message: JSON, and bytes besides that nobody has to put into words. */
export interface Frame {
  readonly header: unknown;
  /** Its own, or a part of what was read; empty where there are none. */
  readonly bytes: Buffer;
}

/**
 * Sends a message over a stream: how long its two parts are, then the parts. Throws what JSON.stringify throws for what
 * is no JSON, and then has sent nothing.
 */
export function sendFrame(stream: Stream, header: unknown, bytes: Uint8Array = NONE): void {
  const text = Buffer.from(JSON.stringify(header));
  const prefix = Buffer.allocUnsafe(PREFIX);
  prefix.writeUInt32LE(text.length, 0);
  prefix.writeUInt32LE(bytes.length, 4);
  // To copy what is small costs less than another call of the system.
  if (bytes.length <= SMALL) {
    stream.write(Buffer.concat([prefix, text, bytes]));
    return;
  }
  stream.cork();
  for (const part of [prefix, text, bytes]) stream.write(part);
  stream.uncork();
}

/**
 * Hears the messages of a stream. Whoever sends them may be out of his mind: what is larger than `most` (bytes, both
 * parts) or no JSON is told once, as a fault in words, and nothing is heard after it.
 */
export function hearFrames(
  stream: Stream,
  { most, onFrame, onFault }: { most: number; onFrame: (frame: Frame) => void; onFault: (fault: string) => void },
): void {
  let rest: Buffer = NONE;
  // What a long message consists of so far: put together once, however many pieces it comes in.
  let long: { readonly frame: Buffer; filled: number } | undefined;
  let isOver = false;
  stream.on('data', (chunk) => {
    if (isOver) return;
    let unread: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    rest = NONE;
    while (!isOver) {
      if (long !== undefined) {
        const copied = unread.copy(long.frame, long.filled);
        long.filled += copied;
        if (long.filled < long.frame.length) return;
        const { frame } = long;
        long = undefined;
        unread = unread.subarray(copied);
        heard(frame);
      } else if (unread.length < PREFIX) {
        rest = unread;
        return;
      } else {
        const length = PREFIX + unread.readUInt32LE(0) + unread.readUInt32LE(4);
        if (length > most) return fault('it sent more than a worker has to say');
        if (unread.length >= length) {
          const frame = unread.subarray(0, length);
          unread = unread.subarray(length);
          heard(frame);
        } else {
          long = { frame: Buffer.allocUnsafeSlow(length), filled: 0 };
        }
      }
    }
  });

  function heard(frame: Buffer): void {
    const end = PREFIX + frame.readUInt32LE(0);
    const header = parsed(frame.toString('utf8', PREFIX, end));
    if (header === undefined) fault(NONSENSE);
    else onFrame({ header, bytes: frame.subarray(end) });
  }

  function fault(what: string): void {
    isOver = true;
    onFault(what);
  }
}

/** The words for a worker in which somebody else than Portcullis has sent something. */
export const NONSENSE = 'it sent what no worker sends';

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const NONE = Buffer.alloc(0);
/** Two lengths, as 32-bit integers. */
const PREFIX = 8;
const SMALL = 16_384;
