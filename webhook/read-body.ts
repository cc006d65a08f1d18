import type { IncomingMessage } from 'node:http';
import { errorCodes, type FastifyRequest } from 'fastify';
import type { Overload } from './overload.ts';

/** A body that has come, and its place in the room that there is. */
export interface Body {
  readonly bytes: Buffer;
  /** To be called once its review is over. */
  leave(): void;
}

/**
 * Reads bodies of no more bytes than `most`, as far as there is room for them, as bytes: the engine parses them itself,
 * since Fastify's parser refuses a key named __proto__. An Error with a `statusCode` tells why one is not read: 413, 429,
 * or 400 where its client hangs up.
 */
export function bodyReader(room: Overload, most: number) {
  return (
    { is404, headers }: FastifyRequest,
    payload: IncomingMessage,
    done: (error: Error | null, body?: Body) => void,
  ): void => {
    if (is404) {
      // Nobody asks what it is. It is read all the same: a connection can only be closed with an answer to all of it.
      payload.once('end', () => done(null)).once('error', (error) => done(unfinished(error)));
      payload.resume();
      return;
    }
    const told = Number(headers['content-length'] ?? 0);
    const coming = told > most ? undefined : room.begin(told, () => end(busy()));
    if (coming === undefined) {
      done(told > most ? new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE() : busy());
      return;
    }
    const { more, whole, leave } = coming;
    let chunks: Buffer[] = [];
    let length = 0;
    payload.on('data', onData).on('end', onEnd).on('error', onError);

    function onData(chunk: Buffer): void {
      length += chunk.length;
      chunks.push(chunk);
      if (length > most) end(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
      else if (!more(chunk.length)) end(busy());
    }

    function onEnd(): void {
      if (whole()) end(null, { bytes: Buffer.concat(chunks, length), leave });
      else end(busy());
    }

    function onError(error: Error): void {
      end(unfinished(error));
    }

    /** What still comes is read, and forgotten: a connection that is closed while something comes loses its answer. */
    function end(error: Error | null, body?: Body): void {
      payload.off('data', onData).off('end', onEnd).off('error', onError);
      chunks = [];
      if (body === undefined) leave();
      done(error, body);
    }
  };
}

/** The place of a request that has no body. */
export function withoutBody(room: Overload): Body {
  const coming = room.begin(0, () => {});
  if (!coming?.whole()) throw busy();
  return { bytes: Buffer.alloc(0), leave: coming.leave };
}

/** The client has hung up. */
function unfinished(error: Error): Error {
  return Object.assign(error, { statusCode: 400 });
}

/** The API server asks again within the review's time, and perhaps another replica (protocol.md §1.2). */
function busy(): Error {
  return Object.assign(new Error('too many reviews are on their way; ask again'), { statusCode: 429 });
}
