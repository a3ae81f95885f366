import type { EpochSeconds } from '../time.ts';

export type Lookup =
  | { readonly outcome: 'counted' }
  | { readonly outcome: 'too-many'; readonly until: EpochSeconds };

/**
 * Bounds how many addresses one network can look up in this cell, however many apps it goes through.
 * Each cell counts by itself, without a call to another: all together allow as many times more.
 */
export interface Lookups {
  /** `source` is the network address that the request came from. One write. */
  count(source: string, now: EpochSeconds): Promise<Lookup>;
}
