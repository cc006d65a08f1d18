import { type FieldError, invalid } from '../../author.ts';
import { itemsOf, MOST_TOLD } from '../pod/lists.ts';
import type { Container, EnvVar, Pod, Volume, VolumeMount } from '../pod/types.ts';
import { type Fetched, isOverSsh } from './fetched.ts';
import { CONTAINER, CREDENTIALS } from './names.ts';

/** What git-sync's container needs besides, to show the Git server who it is. */
type Shown = Pick<Required<Container>, 'env' | 'volumeMounts'> & { readonly args: readonly string[] };

/** Where git-sync looks for an SSH key of itself (its --ssh-key-file). */
const FOLDER = '/etc/git-secret';

/**
 * How git-sync's container gets at the Secret, new objects at every call: empty where there is none. A key and the hosts
 * that it knows over SSH; a user's name and a password over HTTPS, which git-sync reads anew for each fetch.
 */
export function shownCredentials({ repo, secret }: Pick<Fetched, 'repo' | 'secret'>): Shown {
  if (secret === '') return { args: [], env: [], volumeMounts: [] };
  const volumeMounts: VolumeMount[] = [{ name: CREDENTIALS, mountPath: FOLDER, readOnly: true }];
  if (isOverSsh(repo)) {
    const args = [`--ssh-key-file=${FOLDER}/ssh`, `--ssh-known-hosts-file=${FOLDER}/known_hosts`];
    return { args, env: [], volumeMounts };
  }
  // Of a user's name git-sync knows no file, and an argument would hold it in the pod for everybody to read.
  const env: EnvVar[] = [{ name: 'GITSYNC_USERNAME', valueFrom: { secretKeyRef: { name: secret, key: 'username' } } }];
  return { args: [`--password-file=${FOLDER}/password`], env, volumeMounts };
}

/**
 * The volume for it. Everybody in the container may read it, who is nobody but git-sync: files of a Secret belong to
 * root, and only the pod's fsGroup could hand them over, which is the user's (injection.md §1.5). OpenSSH minds the mode
 * of keys of its own user alone.
 */
export function credentialsVolume({ repo, secret }: Pick<Fetched, 'repo' | 'secret'>): Volume {
  const keys = isOverSsh(repo) ? ['ssh', 'known_hosts'] : ['password'];
  const items = keys.map((key) => ({ key, path: key }));
  return { name: CREDENTIALS, secret: { secretName: secret, defaultMode: 0o444, items } };
}

/**
 * Mounts of that volume in containers that are not git-sync's: whoever the Secret's name is hidden from, in a Website, would get
 * at it by the name of the volume, and what another webhook copies from git-sync's mounts is not meant for its container.
 */
export function credentialsElsewhere(pod: Pod): FieldError[] {
  const fields: string[] = [];
  for (const list of ['initContainers', 'containers'] as const) {
    for (const { item, index } of itemsOf(pod.spec?.[list])) {
      for (const mount of itemsOf(item.name === CONTAINER ? undefined : item.volumeMounts)) {
        if (mount.item.name !== CREDENTIALS || fields.length === MOST_TOLD) continue;
        fields.push(`spec.${list}[${index}].volumeMounts[${mount.index}].name`);
      }
    }
  }
  return fields.map((field) => invalid(field, CREDENTIALS, ELSEWHERE));
}

const ELSEWHERE = "is the volume of git-sync's credentials, which are for no other container: remove the mount";
