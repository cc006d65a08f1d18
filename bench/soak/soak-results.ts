import type { Settled } from './settled.ts';
import type { Total } from './total.ts';
import type { Sample } from './watch.ts';

/** How long to soak. */
export interface SoakOptions {
  /** At half of capacity. */
  readonly minutes: number;
  /** At ten times the capacity. */
  readonly overloadSeconds: number;
  /** Whether the server has a core of its own, where there are two. */
  readonly hasOwnCore: boolean;
  /** Over as many connections as this, under overload. */
  readonly mostConnections: number;
  /** Folders of rules besides the soak's own. */
  readonly rules?: readonly string[];
  /** Further words for `portcullis serve`. */
  readonly flags?: readonly string[];
  readonly onSample?: (sample: Sample) => void;
  /** To be told what begins. */
  readonly say?: (line: string) => void;
}

/** What a soak came to. */
export interface SoakResults {
  /** Reviews a second that the server decides when it is asked as fast as it answers. */
  readonly capacity: number;
  readonly steady: {
    readonly tally: Total;
    /** Of its second half. */
    readonly samples: readonly Sample[];
    /** How many reviews met a rule without an end. */
    readonly workersEnded: number;
    readonly oddClients: number;
    readonly oddFaults: { readonly [fault: string]: number };
  };
  readonly overload: {
    readonly seconds: number;
    readonly tally: Total;
    readonly samples: readonly Sample[];
    readonly health: {
      readonly answered: number;
      readonly faults: { readonly [fault: string]: number };
      readonly p99: number | undefined;
      readonly longest: number | undefined;
    };
  };
  /** At half of capacity again. */
  readonly recovery: {
    /** From the end of the overload until the server was as good as before; undefined where it never was. */
    readonly ms: number | undefined;
    readonly tally: Total;
  };
  /** What the server held before all, warm and unasked, and after all. */
  readonly before: Settled;
  readonly after: Settled;
  readonly samples: readonly Sample[];
}
