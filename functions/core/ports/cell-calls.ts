import type { CellName } from '../cells.ts';

/** The surfaces that other cells may call; each is a Lambda of the same name in every cell. */
export type CalledSurface = 'token' | 'interaction';

/** What one cell tells another, besides requests that it hands on whole. */
export type CellMessage = {
  /** Somebody signed up elsewhere with the address of a resident: only the mailbox learns so. */
  readonly kind: 'address-known';
  readonly email: string;
  /** BCP 47 tags of the person who asked. */
  readonly locales: ReadonlyArray<string>;
};

/**
 * Authenticated calls between cells: `lambda:InvokeFunction` across regions, which IAM alone
 * admits. Never repeated by themselves: what was called may have acted. Each waits 4 s at most and
 * throws UnavailableError then, or when the cell is down.
 */
export interface CellCalls {
  /** Hands an API event on as it came; answers with what the home cell's function answered. */
  forward<Answer>(cell: CellName, surface: CalledSurface, event: object): Promise<Answer>;
  /** Asks the cell for a sign of life, 1 s at most; the answer is remembered for 15 s. */
  isReachable(cell: CellName): Promise<boolean>;
  tell(cell: CellName, message: CellMessage): Promise<void>;
}
