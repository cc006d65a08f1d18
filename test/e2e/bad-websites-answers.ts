import type { FieldError } from '../../author.ts';
import { credentials } from '../../cluster/credentials.ts';
import { exchange, textOf } from '../../cluster/exchange.ts';

/** What an API server says of an object. */
export interface Answer {
  /** The HTTP status: 201 for a yes. */
  readonly code: number;
  readonly message: string;
  /** Sorted, and none twice: their order is the server's and not stable, and older ones repeat some. */
  readonly causes: readonly FieldError[];
}

/** Posts a Website, byte for byte, to the namespace `default`, as a dry run. */
export type Ask = (body: string) => Promise<Answer>;

/** Asks as the kubeconfig's user, with a connection for each question. */
export async function asker(kubeconfig: string): Promise<Ask> {
  const { server, current } = await credentials({ kubeconfig, environment: {} });
  const path = '/apis/extensions.example.com/v1/namespaces/default/websites?dryRun=All';
  return async (body) => {
    const { headers, ...options } = await current();
    const type = { 'content-type': 'application/json', accept: 'application/json' };
    const answer = await exchange(server, { ...options, method: 'POST', path, headers: { ...headers, ...type } }, body);
    const { message = '', details } = JSON.parse(await textOf(answer));
    return { code: answer.status, message, causes: causesOf(details?.causes ?? []) };
  };
}

function causesOf(causes: readonly Partial<FieldError>[]): FieldError[] {
  const texts = causes.map(({ field = '', reason, message }) => JSON.stringify({ field, reason, message }));
  return [...new Set(texts)].sort().map((text) => JSON.parse(text));
}
