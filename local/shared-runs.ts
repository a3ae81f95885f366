/** A piece of work that many ask for, one run after the other. */
export interface SharedRuns {
  /** Settles with a run that has not begun yet: all who ask before it does share it. */
  ask(): Promise<void>;
  /** When no run is under way, and none is asked for. */
  settled(): Promise<void>;
}

export function shareRuns(run: () => Promise<void>): SharedRuns {
  let last = Promise.resolve();
  let next: Promise<void> | undefined;
  return {
    ask() {
      if (next !== undefined) return next;
      next = last.then(() => {
        next = undefined;
        return run();
      });
      // Whoever asks next is not told how it ended.
      last = next.catch(() => undefined);
      return next;
    },
    async settled() {
      let awaited: Promise<void> | undefined;
      while (awaited !== last) {
        awaited = last;
        await awaited;
      }
    },
  };
}
