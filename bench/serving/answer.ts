import { request } from 'node:https';
import type { Target } from './load.ts';
import type { Measured } from './reviews.ts';

/** Asks once. Rejects, saying what came instead, unless the review is allowed, with a patch where it should have one. */
export async function checkAnswer(target: Target, { what, isPatched }: Measured): Promise<void> {
  const { status, body } = await answerOf(target);
  const { allowed, patch } = (status === 200 && JSON.parse(body).response) || {};
  const isRight = allowed === true && (isPatched === undefined || (patch !== undefined) === isPatched);
  if (!isRight) throw new Error(`${what}: ${target.path} answered ${status}: ${body.slice(0, 500)}`);
}

async function answerOf({ host, port, path, body, ca }: Target): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const trust = ca === undefined ? { rejectUnauthorized: false } : { ca };
  const headers = { 'content-type': 'application/json', 'content-length': body.length };
  const asked = request({ host, port, path, method: 'POST', agent: false, headers, ...trust }, async (answer) => {
    try {
      const chunks = await answer.toArray();
      resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString() });
    } catch (error) {
      reject(error);
    }
  });
  asked.on('error', reject);
  asked.end(body);
  return promise;
}
