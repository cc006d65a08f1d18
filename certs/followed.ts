/** What lies in files: something good, or what is wrong with it; that may be there all the same. */
export type Found<T> =
  | { readonly content: T; readonly problem?: undefined }
  | { readonly content?: T; readonly problem: string };

/** Files that others replace, and how people are told of them. */
export interface Followed<T> {
  /** What is in them: "certificate". */
  readonly noun: string;
  /** Where they lie, as messages have it. */
  readonly place: string;
  /** The folder that they are in. */
  readonly folder: string;
  /** What comes of it when its time is over, after "so that". */
  readonly consequence: string;
  /** Looks into the files. A problem is a clause that says which file is wrong, and how. Never rejects. */
  find(now: Date): Promise<Found<T>>;
  /** All that the files say: the same texts are no change. */
  textsOf(content: T): readonly string[];
  /** When something good begins to be valid, and when it ends. */
  lifeOf(content: T): { readonly from: Date; readonly until: Date };
}
