import type { EpochSeconds } from '../time.ts';

/** Each purpose has its own key, so that nothing sealed for one is accepted for another. */
export type SealPurpose =
  | 'authorization-request'
  | 'form'
  | 'session-cookie'
  | 'device-cookie'
  | 'challenge'
  | 'challenge-link'
  | 'grant'
  /** Where a sign-up or recovery stands: challenge, address, authorization request. */
  | 'flow'
  | 'user-agent';

/** State that travels through the browser: encrypted and authenticated (JWE, `dir`, A256GCM). */
export interface Sealer {
  seal(purpose: SealPurpose, content: unknown, expiresAt?: EpochSeconds): Promise<string>;
  /** Undefined for anything forged, expired, malformed or sealed for another purpose. */
  open(purpose: SealPurpose, sealed: string, now: EpochSeconds): Promise<unknown>;
}
