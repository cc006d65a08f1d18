import { type FSWatcher, statSync, watch } from 'node:fs';

/** Tells when something happens in a folder, as far as the file system tells. */
export interface FolderWatch {
  /** Goes over to what now has the folder's name, when that is another folder than the one watched, or none. */
  refresh(): void;
  close(): void;
}

/**
 * Calls `onEvent` for changes in the folder: too often, and sometimes not at all (links that lead out of it, network
 * mounts, no inotify watches left). So whoever asks looks from time to time too. Does not keep the process alive.
 */
export function watchFolder(folder: string, onEvent: () => void): FolderWatch {
  let watched: { readonly watcher: FSWatcher; readonly identity: string } | undefined;
  return { refresh, close };

  function refresh(): void {
    const identity = identityOf(folder);
    if (watched?.identity === identity) return;
    close();
    if (identity === undefined) return;
    try {
      const watcher = watch(folder, { persistent: false }, onEvent);
      watcher.on('error', close);
      watched = { watcher, identity };
    } catch {
      // Gone again, or no watches left: the next refresh tries anew.
    }
  }

  function close(): void {
    watched?.watcher.close();
    watched = undefined;
  }
}

function identityOf(folder: string): string | undefined {
  try {
    const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true });
    return `${dev} ${ino} ${birthtimeNs}`;
  } catch {
    return undefined;
  }
}
