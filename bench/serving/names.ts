// How lines are called that the targets go by.

/** What one Pod with full injection comes to in the mutating phase. */
export const MUTATE = '/mutate of a Pod that gets both';

/** What one loaded rule among many comes to. */
export const ISOLATED = 'a Pod that one rule is for, isolated';
export const IN_PROCESS = 'a Pod that one rule is for, in the process';

/** The review whose size is the question. */
export const LARGEST = 'a Pod that gets git-sync, 12 MB';

/** The review that a peer is compared by: one webhook, one injection. */
export const INJECTED = 'a Pod that gets git-sync, 5 kB';

/** Replay of requests that are in memory, and as its command does it. */
export const REPLAYED = 'the whole way of a request';
export const WITH_FILES = 'the same, files read and compared';
