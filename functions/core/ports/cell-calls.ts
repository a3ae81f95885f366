import type { CellName } from '../cells.ts';
import type { ClientId, IdentifierHash, Sub } from '../ids.ts';
import type { EpochSeconds } from '../time.ts';

/** The surfaces that other cells may call; each is a Lambda of the same name in every cell. */
export type CalledSurface = 'token' | 'interaction' | 'privacy' | 'privacy-admin';

/** What one cell tells or asks another, besides requests that it hands on whole. */
export type CellMessage =
  | {
      /** Somebody signed up elsewhere with the address of a resident: only the mailbox learns so. */
      readonly kind: 'address-known';
      readonly email: string;
      /** BCP 47 tags of the person who asked. */
      readonly locales: ReadonlyArray<string>;
    }
  | {
      /**
       * Somebody wants an identifier that was claimed for a person of that cell and never confirmed:
       * whether their account exists is to be seen there (`Directory.settle`).
       */
      readonly kind: 'settle-claim';
      readonly identifier: IdentifierHash;
      readonly sub: Sub;
      readonly pendingUntil: EpochSeconds;
    }
  | {
      /** Asks for an authorization request that was pushed there (RFC 9126), and uses it up. */
      readonly kind: 'consume-pushed-request';
      readonly reference: string;
      readonly clientId: ClientId;
    }
  | {
      /** Undoes that, for a browser that could not be answered. */
      readonly kind: 'put-back-pushed-request';
      readonly reference: string;
      readonly clientId: ClientId;
    };

/**
 * Authenticated calls between cells: `lambda:InvokeFunction` across regions, which IAM alone
 * admits. Never repeated by themselves: what was called may have acted. Each waits 4 s at most and
 * throws UnavailableError then, or when the cell is down.
 */
export interface CellCalls {
  /**
   * Hands an API event on as it came; answers with what the home cell's function answered, to be
   * read as any foreign data.
   */
  forward(cell: CellName, surface: CalledSurface, event: object): Promise<unknown>;
  /** Asks the cell for a sign of life, 1 s at most; remembered for 5 s, its absence 15 s. */
  isReachable(cell: CellName): Promise<boolean>;
  /** Answers with what the other cell's interaction function says to it, unread. */
  tell(cell: CellName, message: CellMessage): Promise<unknown>;
}
