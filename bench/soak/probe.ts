import { get } from 'node:http';

/** What a kubelet would see. */
export interface Probe {
  /** How long each answer took, in ms, the shortest first. */
  stop(): Promise<{ readonly latencies: readonly number[]; readonly faults: { readonly [fault: string]: number } }>;
}

const EVERY_MS = 250;

/** Asks whether the server is ready, over a new connection each time, as kubelets do; only more often. */
export function startProbe(healthUrl: string): Probe {
  const latencies: number[] = [];
  const faults: { [fault: string]: number } = {};
  const all: Promise<void>[] = [];
  const asking = setInterval(() => all.push(ask()), EVERY_MS);
  return {
    async stop() {
      clearInterval(asking);
      await Promise.all(all);
      return { latencies: latencies.sort((a, b) => a - b), faults };
    },
  };

  async function ask(): Promise<void> {
    const started = performance.now();
    const code = await codeOf(`${healthUrl}/readyz`);
    if (code === '200') latencies.push(performance.now() - started);
    else faults[code] = (faults[code] ?? 0) + 1;
  }
}

function codeOf(url: string): Promise<string> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: MOST_MS }, (response) => {
      response.resume();
      response.once('close', () => resolve(String(response.statusCode)));
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${MOST_MS / 1000} s`)));
    request.once('error', (error) => resolve(error.message));
  });
}

/** The longest that manifests/server gives a probe. */
const MOST_MS = 5000;
