import type { CaSecret } from './ca-secret.ts';

/**
 * Says why the Secret is of no use (a predicate), and what a person must do. Nothing replaces it unasked: what is in it
 * may be what somebody is about to mend, and replicas that run do without it.
 */
export function unusableSecret({ namespace, name }: Omit<CaSecret, 'client'>, problem: string): string {
  return (
    `The CA in the Secret ${name} of the namespace ${namespace} ${problem}. Put the right one back; or delete it, and ` +
    'a replica that runs writes back what it holds in memory, or where none does the next that starts makes a new CA: ' +
    `kubectl delete secret ${name} --namespace ${namespace}`
  );
}
