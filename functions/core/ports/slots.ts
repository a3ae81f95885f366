import type { EpochSeconds } from '../time.ts';

/** Turns of a workflow, leased by conditional writes; a holder is a request's id. */
export interface Slots {
  /** True when the holder has one, from now or from before. Two calls; one where none is free. */
  take(holder: string, now: EpochSeconds): Promise<boolean>;
  /** Gives back whatever the holder has; can be repeated. */
  release(holder: string): Promise<void>;
}
