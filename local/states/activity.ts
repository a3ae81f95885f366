/**
 * Who is at work: lets somebody who moved the clock wait until all that followed has come to rest,
 * which is where every execution has ended or waits for the clock or for a task token.
 */
export interface Activity {
  /** Counts as at work while it runs, unless parked. */
  run<Value>(work: () => Promise<Value>): Promise<Value>;
  /** Called from within `run`: rests until the promise has settled. */
  park<Value>(promise: Promise<Value>): Promise<Value>;
  /** Resolves when nobody is at work, or after so long in real time. */
  settled(atMostMs: number): Promise<void>;
}

export function createActivity(): Activity {
  let busy = 0;
  let watchers: Array<() => void> = [];
  const leave = () => {
    busy -= 1;
    if (busy > 0) return;
    const told = watchers;
    watchers = [];
    for (const tell of told) tell();
  };
  return {
    run: async (work) => {
      busy += 1;
      try {
        return await work();
      } finally {
        leave();
      }
    },
    park: async (promise) => {
      leave();
      try {
        return await promise;
      } finally {
        busy += 1;
      }
    },
    async settled(atMostMs) {
      const deadline = performance.now() + atMostMs;
      for (;;) {
        // Whoever was woken a moment ago counts itself only when its promise has gone round.
        await new Promise((resolve) => setImmediate(resolve));
        const leftMs = deadline - performance.now();
        if (busy === 0 || leftMs <= 0) return;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, leftMs);
          watchers.push(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
    },
  };
}
