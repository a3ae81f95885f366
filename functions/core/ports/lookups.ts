import type { EpochSeconds } from '../time.ts';

export type Lookup =
  | { readonly outcome: 'counted' }
  | { readonly outcome: 'too-many'; readonly until: EpochSeconds };

/** Bounds how many addresses one network can look up, however many apps and cells it goes through. */
export interface Lookups {
  /** `source` is the network address that the request came from. One write. */
  count(source: string, now: EpochSeconds): Promise<Lookup>;
}
