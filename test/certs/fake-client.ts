import { ApiError } from '../../cluster/api-error.ts';
import type { ClusterClient } from '../../cluster/client.ts';

/** What a request asks. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever was sent; a test asserts on it
  readonly body: any;
}

/** A client that keeps all requests, and tells watchers when it is told to. */
export interface FakeClient extends ClusterClient {
  readonly asked: Asked[];
  /** Sends a MODIFIED event to whoever watches the resource. */
  tell(resource: string): void;
}

/** A client whose API server is a function: it gives an answer, or an error to reject with. All requests are kept. */
export function fakeClient(answer: (asked: Asked) => object | Error): FakeClient {
  const asked: Asked[] = [];
  const watchers = new Map<string, () => void>();
  return {
    server: 'https://api.example.com',
    asked,
    async request(method, path, { body, signal } = {}) {
      signal?.throwIfAborted();
      asked.push({ method, path, body });
      const given = answer({ method, path, body });
      if (given instanceof Error) throw given;
      return structuredClone(given) as { [member: string]: unknown };
    },
    watch(path, _query, onEvent, signal) {
      watchers.set(path, () => onEvent({ type: 'MODIFIED', object: {} }));
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    },
    tell: (resource) => {
      for (const [path, tell] of watchers) if (path.endsWith(resource)) tell();
    },
    close: () => {},
  };
}

/** An API server's refusal. */
export function refusal(code: number, message = 'refused'): ApiError {
  return new ApiError(message, code, '');
}

/** The methods of all requests, in their order. */
export function methods({ asked }: { readonly asked: readonly Asked[] }): string[] {
  return asked.map(({ method }) => method);
}
