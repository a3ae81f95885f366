/** Which of two replicas' writes to one item stands: the later one, by item (last writer wins). */

/** When and where an item was written. */
export interface Stamp {
  /** Milliseconds of the shared clock, with a fraction that keeps writes of one item apart. */
  readonly ms: number;
  readonly region: string;
}

export interface WriteStamps {
  /**
   * A caller wrote in `region`, and `copies` other replicas have yet to learn of it. The stamp is
   * later than all that this replica has seen of the item, so that what it wrote over stays so.
   */
  stamp(item: string, region: string, nowMs: number, copies: number): Stamp;
  /** True, and remembered, when the write is newer than what the region holds. */
  admit(item: string, region: string, stamp: Stamp): boolean;
  /** One copy has arrived or was given up. */
  settle(item: string): void;
}

/** Representable beside today's milliseconds, and far below what two writers can tell apart. */
const STEP_MS = 0.001;

interface Tracked {
  copiesUnderway: number;
  readonly held: Map<string, Stamp>;
}

/**
 * Remembers items with copies underway alone: once all replicas agree, whatever is written next is
 * newer anyhow, deletions included.
 */
export function createWriteStamps(): WriteStamps {
  const items = new Map<string, Tracked>();
  return {
    stamp(item, region, nowMs, copies) {
      const tracked = items.get(item) ?? { copiesUnderway: 0, held: new Map<string, Stamp>() };
      const seenMs = tracked.held.get(region)?.ms ?? 0;
      const stamp = { ms: Math.max(nowMs, seenMs + STEP_MS), region };
      tracked.held.set(region, stamp);
      tracked.copiesUnderway += copies;
      items.set(item, tracked);
      return stamp;
    },
    admit(item, region, stamp) {
      const tracked = items.get(item);
      const held = tracked?.held.get(region);
      if (held !== undefined && !isLater(stamp, held)) return false;
      tracked?.held.set(region, stamp);
      return true;
    },
    settle(item) {
      const tracked = items.get(item);
      if (tracked === undefined) return;
      tracked.copiesUnderway -= 1;
      if (tracked.copiesUnderway <= 0) items.delete(item);
    },
  };
}

/** The order must be total and the same everywhere; AWS does not say how it breaks a tie. */
export function isLater(a: Stamp, b: Stamp): boolean {
  return a.ms === b.ms ? a.region > b.region : a.ms > b.ms;
}
