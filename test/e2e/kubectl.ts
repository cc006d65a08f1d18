import { type Input, type Outcome, ran } from './ran.ts';

/** kubectl on one cluster, as its administrator. */
export interface Kubectl {
  /** Runs kubectl. Any exit code is an outcome; rejects when it cannot be run, or takes more than 60 s. */
  kubectl(args: readonly string[], options?: Input): Promise<Outcome>;
  /** The same, but rejects with what kubectl said unless the code is 0. */
  succeeded(args: readonly string[], options?: Input): Promise<Outcome>;
  /** `kubectl apply` of these documents. Rejects with what kubectl said when it refuses; warnings are in `stderr`. */
  applied(yaml: string): Promise<Outcome>;
  /** `kubectl … -o json`, parsed: `json(['get', 'pods'])`. Rejects with what kubectl said when it refuses. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server has; a test asserts on it
  json(args: readonly string[]): Promise<any>;
}

/** `env` names the cluster (KUBECONFIG) and a HOME for kubectl's cache; `check` runs before each call and may throw. */
export function kubectlFor(
  path: string,
  env: { readonly HOME: string; readonly KUBECONFIG: string },
  check: () => void,
): Kubectl {
  return {
    kubectl,
    succeeded,
    applied: (yaml) => succeeded(['apply', '-f', '-'], { input: yaml }),
    json: async (args) => JSON.parse((await succeeded([...args, '-o', 'json'])).stdout),
  };

  async function kubectl(args: readonly string[], options?: Input): Promise<Outcome> {
    check();
    return ran(path, args, env, options);
  }

  async function succeeded(args: readonly string[], options?: Input): Promise<Outcome> {
    const outcome = await kubectl(args, options);
    if (outcome.code !== 0) throw new Error(`kubectl ${args.join(' ')} (code ${outcome.code}): ${outcome.stderr}`);
    return outcome;
  }
}
