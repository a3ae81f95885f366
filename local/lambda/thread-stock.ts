import { startThread, type Thread, type ThreadKind } from './thread.ts';

/** Threads whose container is over, for containers to come. */
export interface ThreadStock {
  /** One that knows the code, else any of the kind, else a new one. */
  take(kind: ThreadKind, assetDirectory: string): Thread;
  /** What `take` may answer with from now on. */
  give(thread: Thread): void;
  /** Ends those that rest. */
  close(): Promise<void>;
}

/** Keeps so many; the one that was given first ends first. */
export function createThreadStock(capacity: number): ThreadStock {
  let resting: ReadonlyArray<Thread> = [];
  return {
    take(kind, assetDirectory) {
      resting = resting.filter((thread) => thread.isAlive());
      const fitting = resting.filter((thread) => isOfKind(thread, kind));
      const chosen = fitting.findLast((thread) => thread.knows(assetDirectory)) ?? fitting[0];
      resting = resting.filter((thread) => thread !== chosen);
      return chosen ?? startThread(kind, true);
    },
    give(thread) {
      const [oldest, ...others] = [...resting, thread];
      const isFull = others.length >= capacity;
      resting = isFull ? others : [...resting, thread];
      if (isFull) void oldest?.end();
    },
    async close() {
      const threads = resting;
      resting = [];
      await Promise.all(threads.map((thread) => thread.end()));
    },
  };
}

function isOfKind({ kind }: Thread, { memoryMb, skipsPauses }: ThreadKind): boolean {
  return kind.memoryMb === memoryMb && kind.skipsPauses === skipsPauses;
}
