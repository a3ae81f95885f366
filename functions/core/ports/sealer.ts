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
  /** That a sign-up's home has been settled, in a browser. */
  | 'settled-home'
  /** From cell to cell by the browser: besides requests, what every cell can open. */
  | 'hand-over'
  /** An address on its way from one page to the next, so that it stands in no URL. */
  | 'typed-address'
  /** Keeps an account that is to be erased: in a mail, and from sign-in to the page that asks. */
  | 'keep-account'
  /** What a processor acknowledges with, and the task that waits for it. */
  | 'acknowledgement'
  /** Where a list goes on, in REST. */
  | 'cursor';

/** State that travels through the browser: encrypted and authenticated (JWE, `dir`, A256GCM). */
export interface Sealer {
  seal(purpose: SealPurpose, content: unknown, expiresAt?: EpochSeconds): Promise<string>;
  /** Undefined for anything forged, expired, malformed or sealed for another purpose. */
  open(purpose: SealPurpose, sealed: string, now: EpochSeconds): Promise<unknown>;
}
