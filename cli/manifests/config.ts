import { type Config, configFrom } from '../config.ts';
import type { Environment, Said } from '../environment.ts';
import { type Given, UsageError } from '../usage.ts';
import { CERTIFICATE_FOLDER, type Installation } from './installation.ts';

/** The configuration that pods will have: the certificate of mode `files` is where manifests mount it. */
export function configOfPods(given: Given, environment: Environment): Config {
  return configFrom({ ...given, flags: { ...given.flags, certs: [CERTIFICATE_FOLDER] } }, environment);
}

/**
 * The same, for a server's manifests. Where nothing says where its certificate comes from it looks after that itself,
 * unless it may not ask the cluster. Throws UsageError for mode `dev`.
 */
export function configOfServer(
  given: Given,
  { one }: Said,
  environment: Environment,
): Config & Pick<Installation, 'certificate'> {
  const said = configOfPods(given, environment);
  const isSaid = (one('certificate') ?? said.file?.config.certificate?.mode) !== undefined;
  const mode = said.cluster.access === 'none' ? 'files' : 'self';
  // Not said, it would be what a server outside of a cluster does.
  const config = isSaid
    ? said
    : configOfPods({ ...given, flags: { ...given.flags, certificate: [mode] } }, environment);
  const { certificate } = config;
  if (certificate.mode !== 'dev') return { ...config, certificate: { ...certificate, mode: certificate.mode } };
  throw new UsageError(
    'certificate mode dev is for one machine, and each replica would have a CA of its own: choose --certificate self or files',
  );
}
