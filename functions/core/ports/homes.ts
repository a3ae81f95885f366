import type { CellName } from '../cells.ts';
import type { Sub } from '../ids.ts';

/** Where those are at home whom a token names. With a single cell nobody asks. */
export interface Homes {
  /** As the own replica of the directory knows it, else as the primary region does. */
  find(sub: Sub): Promise<CellName | undefined>;
  /**
   * For those whom the own replica was found not to know: they may have signed up a moment ago.
   * No call in the primary region itself. Throws UnavailableError when it is away.
   */
  findInPrimary(sub: Sub): Promise<CellName | undefined>;
}
