import { join } from 'node:path';
import type { ServingTable } from '../table.ts';
import { type Asked, alternating } from './alternating.ts';
import { MUTATE } from './names.ts';
import type { Pace } from './pace.ts';
import { podReviews } from './pod-reviews.ts';
import { builtIn, loaded, type Measured } from './reviews.ts';
import { type Contender, withServers } from './servers.ts';

/** What a part of servers is measured with. */
export interface ServingOptions {
  readonly pace: Pace;
  /** Is asked the same, where there is one. */
  readonly peer?: Contender | undefined;
  /** Where servers are to leave their CPU profiles. */
  readonly profile?: string | undefined;
  /** Reviews whose name has this in it are measured alone. */
  readonly only?: string | undefined;
}

/**
 * What a review costs over HTTPS, in the server's process and in workers, beside a bare server that only parses it and
 * answers a constant.
 */
export async function servingTable({ pace, peer, profile, only = '' }: ServingOptions): Promise<ServingTable> {
  const rules = join(import.meta.dirname, 'rules');
  const asked = (await allOf()).filter(({ what }) => what.includes(only));
  if (asked.length === 0) throw new Error(`--only: no review's name has "${only}" in it`);
  return withServers(profile, async ({ portcullis, bare }) => {
    const here = await portcullis('portcullis', ['--rules', rules, '--isolation', 'none']);
    const isolated = await portcullis('isolated', ['--rules', rules, '--isolation', 'all']);
    const all = [await bare(), here, isolated, ...(peer === undefined ? [] : [peer])];
    const served = [];
    for (const one of asked) {
      served.push(...(await alternating(one, all, pace)));
    }
    return { name: 'serving, a review over HTTPS', served };
  });
}

/** The reviews one by one, and those of one Pod in turn. */
async function allOf(): Promise<Asked[]> {
  const { mutating, validating } = await podReviews();
  return [
    inTurn(MUTATE, mutating),
    inTurn('/validate of that Pod', validating),
    ...builtIn.map(alone),
    ...loaded.map(alone),
  ];
}

function alone(review: Measured): Asked {
  return { what: review.what, reviews: [review] };
}

function inTurn(what: string, [first, ...more]: readonly Measured[]): Asked {
  if (first === undefined) throw new Error(`${what}: an API server sends no review`);
  return { what: `${what}, ${more.length + 1} reviews`, reviews: [first, ...more] };
}
