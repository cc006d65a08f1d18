import { type FolderWatch, watchFolder } from '../../certs/files-watch.ts';

/** Editors write a file several times, and others besides. */
const QUIET_MS = 100;
/** For what no file system tells of: network mounts, a machine whose watches are used up. */
const LOOK_MS = 3000;

/** Rings when something may have changed in the folders that are watched. */
export interface Alarm {
  /** Watches these from now on, and no others. It rings for a folder that is new: something may be in it already. */
  watch(folders: ReadonlySet<string>): void;
  /** When it next rings; at once, if it has rung since it was last asked. */
  rung(): Promise<void>;
  close(): void;
}

/** An alarm without folders yet, that rings every `lookMs` milliseconds at least. It keeps the process alive until it is closed. */
export function createAlarm(lookMs: number = LOOK_MS): Alarm {
  const watches = new Map<string, FolderWatch>();
  let ring = Promise.withResolvers<void>();
  let quiet: NodeJS.Timeout | undefined;
  const looking = setInterval(() => ring.resolve(), lookMs);
  return {
    watch(folders) {
      for (const [folder, watch] of watches) {
        if (folders.has(folder)) continue;
        watch.close();
        watches.delete(folder);
      }
      for (const folder of folders) {
        const known = watches.get(folder);
        const watch = known ?? watchFolder(folder, onEvent);
        watches.set(folder, watch);
        watch.refresh();
        if (known === undefined) onEvent();
      }
    },
    async rung() {
      await ring.promise;
      ring = Promise.withResolvers<void>();
    },
    close() {
      clearInterval(looking);
      clearTimeout(quiet);
      for (const watch of watches.values()) watch.close();
    },
  };

  function onEvent(): void {
    clearTimeout(quiet);
    quiet = setTimeout(() => ring.resolve(), QUIET_MS);
  }
}
