/** What processes that have an environment of their own need to start as fast as the others (test/run.ts). */
export const COMPILE_CACHE: { readonly NODE_COMPILE_CACHE?: string } =
  process.env.NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE };
