import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { statusOf } from './status.ts';

/** Makes every answer that is no review's a v1 Status: the API server shows its message to the user. */
export function answerErrorsAsStatus(
  app: FastifyInstance,
  describe: (error: FastifyError, request: FastifyRequest) => HttpFault,
): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    return sendStatus(reply, describe(error, request));
  });
}

/** Answers with a v1 Status. */
export function sendStatus(reply: Pick<FastifyReply, 'code'>, { code, message }: HttpFault): FastifyReply {
  return reply
    .code(code)
    .type('application/json')
    .send(JSON.stringify(statusOf(code, message)));
}

/** An HTTP code and a sentence for it. */
export interface HttpFault {
  readonly code: number;
  readonly message: string;
}

/** What is wrong with a request whose body could not be read, in the words of its sender. */
export function requestFault(error: FastifyError, maxBody: number): HttpFault {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { code: 413, message: `the body is larger than ${Math.floor(maxBody / 1024 / 1024)} MiB` };
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return { code: 415, message: 'the content type must be application/json' };
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return { code: 400, message: 'the body is not as long as its Content-Length says' };
    default: {
      const code = error.statusCode ?? 500;
      return code < 500 ? { code, message: error.message } : { code: 500, message: 'internal error' };
    }
  }
}

/**
 * Answers what never became a request: bytes that are no HTTP, or that came too slowly. Gives what was answered;
 * nothing where nobody is there to read it.
 */
export function answerClientError(error: Error & { code?: string }, socket: Socket): HttpFault | undefined {
  if (!socket.writable) {
    socket.destroy();
    return undefined;
  }
  const { line, code, message } = clientFault(error.code);
  const body = JSON.stringify(statusOf(code, message));
  const head = `HTTP/1.1 ${line}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  socket.end(head + body);
  // Node closes its own side alone, and whoever is slow on purpose never closes theirs. Not at once: what is still
  // unread would turn the end into a reset, which may overtake the answer.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
  return { code, message };
}

/** An answer of a few hundred bytes needs no longer. */
const LINGER_MS = 1000;

function clientFault(code: string | undefined): HttpFault & { readonly line: string } {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { line: '408 Request Timeout', code: 408, message: 'the request did not arrive in time' };
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { line: '431 Request Header Fields Too Large', code: 431, message: 'the headers are too large' };
  }
  if (code === 'HPE_INVALID_EOF_STATE') {
    return { line: '400 Bad Request', code: 400, message: 'the request ended before it was whole' };
  }
  return { line: '400 Bad Request', code: 400, message: 'this is not an HTTP/1.1 request' };
}
