import type { CellTopology } from './synthesis.ts';

/** How the AWS endpoints of a region that is down behave: 503, a cut connection, or silence. */
export const CELL_FAILURES = ['unavailable', 'cut', 'timeout'] as const;
export type CellFailure = (typeof CELL_FAILURES)[number];

/** Which cells are up, and which of them answers at the issuer's port. */
export interface CellStates {
  isDown(region: string): boolean;
  /** Undefined while the region is up. */
  failureOf(region: string): CellFailure | undefined;
  takeDown(name: string, failure: CellFailure): void;
  bringUp(name: string): void;
  /** The cell nearest to whoever asks for the issuer. Throws for a name that is no cell. */
  setEntry(name: string): void;
  /**
   * The entry; while that is down, the next cell that is up, as health checks of latency records
   * would have it. Undefined when none is.
   */
  entry(): CellTopology | undefined;
  /** Everything up, the first cell in front. */
  reset(): void;
}

export function createCellStates(cells: ReadonlyArray<CellTopology>): CellStates {
  const failures = new Map<string, CellFailure>();
  let wanted = cells[0]?.name;
  const requireRegion = (name: string): string => {
    const cell = cells.find((candidate) => candidate.name === name);
    if (cell === undefined) throw new Error(`there is no cell ${name}`);
    return cell.region;
  };
  return {
    isDown: (region) => failures.has(region),
    failureOf: (region) => failures.get(region),
    takeDown: (name, failure) => {
      failures.set(requireRegion(name), failure);
    },
    bringUp: (name) => {
      failures.delete(requireRegion(name));
    },
    setEntry: (name) => {
      requireRegion(name);
      wanted = name;
    },
    entry: () => {
      const first = cells.findIndex(({ name }) => name === wanted);
      const inOrder = [...cells.slice(first), ...cells.slice(0, first)];
      return inOrder.find(({ region }) => !failures.has(region));
    },
    reset: () => {
      failures.clear();
      wanted = cells[0]?.name;
    },
  };
}
