import type { EpochSeconds } from '../time.ts';

/** Proof, at home, that a hand-over is taken once only. */
export interface HandOvers {
  /** False when it was taken before. One conditional write. */
  consume(id: string, expiresAt: EpochSeconds): Promise<boolean>;
}
