import { join } from 'node:path';
import { ApiError, type ClusterClient } from '../../../cluster/client.ts';
import { mounted } from '../mounted.ts';
import type { Pod } from './pod.ts';

/** The volumes of one pod. */
export interface Volumes {
  /** The folder of a volume. */
  folder(volume: string): string;
  /** Brings them up to date with the cluster. Rejects while a Secret or ConfigMap that must be there is not. */
  refresh(): Promise<void>;
}

/** A pod's volumes, each in a folder below that given; nothing is there before the first `refresh`. */
export function volumesOf(pod: Pod, folder: string, client: ClusterClient): Volumes {
  const versions = new Map<string, string>();
  return {
    folder: (volume) => join(folder, volume),
    async refresh() {
      for (const volume of pod.spec.volumes ?? []) await refresh(volume);
    },
  };

  async function refresh({ name, secret, configMap, ...others }: NonNullable<Pod['spec']['volumes']>[number]) {
    if (secret?.secretName !== undefined) await fill(name, `secrets/${secret.secretName}`, secret);
    else if (configMap?.name !== undefined) await fill(name, `configmaps/${configMap.name}`, configMap);
    else throw new Error(`the stand-in of a kubelet knows no volume like ${JSON.stringify({ name, ...others })}`);
  }

  async function fill(volume: string, path: string, source: Source): Promise<void> {
    const object = await stored(`/api/v1/namespaces/${pod.metadata.namespace}/${path}`, source);
    const version = `${object.metadata.uid} ${object.metadata.resourceVersion}`;
    if (versions.get(volume) === version) return;
    await mounted(join(folder, volume), selected(filesOf(object), source.items));
    versions.set(volume, version);
  }

  async function stored(path: string, { optional }: Source): Promise<Stored> {
    try {
      return (await client.request('GET', path)) as unknown as Stored;
    } catch (error) {
      if (optional && error instanceof ApiError && error.code === 404) return { kind: 'Secret', metadata: {} };
      throw error;
    }
  }
}

interface Source {
  readonly optional?: boolean;
  readonly items?: readonly { readonly key: string; readonly path: string }[];
}

interface Stored {
  readonly kind: string;
  readonly metadata: { readonly uid?: string; readonly resourceVersion?: string };
  readonly data?: { readonly [key: string]: string };
  readonly binaryData?: { readonly [key: string]: string };
}

type Files = { readonly [name: string]: Buffer };

function filesOf({ kind, data = {}, binaryData = {} }: Stored): Files {
  const encoding = kind === 'Secret' ? 'base64' : 'utf8';
  return { ...decoded(data, encoding), ...decoded(binaryData, 'base64') };
}

function decoded(data: { readonly [key: string]: string }, encoding: 'base64' | 'utf8'): Files {
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, encoding)]));
}

/** With `items`, only those keys, under the names that they say. */
function selected(files: Files, items: Source['items']): Files {
  if (items === undefined) return files;
  return Object.fromEntries(
    items.map(({ key, path }) => {
      const file = files[key];
      if (file === undefined) throw new Error(`references non-existent key: ${key}`);
      return [path, file];
    }),
  );
}
