import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { websiteCrd } from '../../rules/website/crd.ts';
import { withoutAssets } from '../../test/e2e/assets.ts';
import { startControlPlane } from '../../test/e2e/control-plane.ts';
import type { StartTable } from '../table.ts';
import { built } from './built.ts';
import { serve } from './servers.ts';
import type { ServingOptions } from './serving.ts';
import { started } from './started.ts';

const RULES = ['--rules', join(import.meta.dirname, 'rules')];

/**
 * How long a start takes until the server is ready, and what memory is then resident, and after reviews: from the
 * sources and built, without a cluster, with loaded rules, and with a real API server where KUBEBUILDER_ASSETS names one.
 */
export async function startsTable({ pace }: ServingOptions): Promise<StartTable> {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-starts-'));
  const certs = join(folder, 'certs');
  const plane = withoutAssets === false ? await startControlPlane() : undefined;
  try {
    await plane?.applied(JSON.stringify(websiteCrd));
    const ways = [];
    for (const [from, command] of [
      ['the sources', undefined],
      ['a build', built(join(folder, 'package'))],
    ] as const) {
      const alone = serve(certs, { command });
      ways.push({ what: `from ${from}`, args: alone });
      ways.push({ what: `from ${from}, with loaded rules`, args: [...alone, ...RULES] });
      if (plane === undefined) continue;
      ways.push({
        what: `from ${from}, with a cluster`,
        args: serve(certs, { command, kubeconfig: plane.kubeconfig }),
      });
    }
    const bare = { what: 'bare', args: [BARE, join(certs, 'tls.crt'), join(certs, 'tls.key')], isBare: true };
    const starts = await started(certs, [bare, ...ways], pace);
    return {
      name: 'start',
      starts,
      reviews: pace.reviews,
      leftOut: withoutAssets === false ? [] : [`with a cluster: ${withoutAssets}`],
    };
  } finally {
    await plane?.stop();
    rmSync(folder, { recursive: true });
  }
}

const BARE = join(import.meta.dirname, 'bare.ts');
