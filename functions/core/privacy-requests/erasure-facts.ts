import type { EpochSeconds } from '../time.ts';

/**
 * What an erasure has done so far, noted as it happens, in the request. The certificate tells it:
 * nothing of it names the person but their `sub`.
 */
export interface ErasureFacts {
  /** When the account was closed, beyond return. */
  readonly committedAt?: EpochSeconds;
  readonly keyDestroyedAt?: EpochSeconds;
  /** From when no backup holds the person's key either: that of the key table is over. */
  readonly unreadableFrom?: EpochSeconds;
  /** How many items of each entity were deleted: `SESSION`, `GRANT`… */
  readonly deletedItems?: Readonly<Record<string, number>>;
  /** As `deletedItems`, of what is kept without the person. */
  readonly anonymisedItems?: Readonly<Record<string, number>>;
  /** When the person's collection was seen to be empty. */
  readonly itemsDeletedAt?: EpochSeconds;
  /** Until when the directory keeps the hash of the address, without the person. */
  readonly quarantinedUntil?: EpochSeconds;
  /** When the entry in the ledger was made. */
  readonly ledgeredAt?: EpochSeconds;
  readonly certifiedAt?: EpochSeconds;
  readonly notifiedAt?: EpochSeconds;
  readonly identifierReleasedAt?: EpochSeconds;
}
