// Fixed names: a generated one would make a second container when the API server calls again (injection.md §2.5).

/** The injected container. */
export const CONTAINER = 'git-sync';
/** The volume that carries the checkouts, shared with the container that serves them. */
export const CONTENT = 'git-sync-content';
/** The volume that git-sync keeps its temporary files in, its root file system being read-only. */
export const TMP = 'git-sync-tmp';
/** The volume with what the Git server asks for, which git-sync's container alone sees. */
export const CREDENTIALS = 'git-sync-credentials';
