import type { ReplicatedWrite } from './engine.ts';
import { isLater, type Stamp } from './write-stamps.ts';

/** A write on its way to another replica. */
export interface Underway {
  /** Table and key: writes of one item supersede each other. */
  readonly item: string;
  readonly write: ReplicatedWrite;
  readonly stamp: Stamp;
  /** Real time of the commit, as `performance.now()` tells it. */
  readonly committedAtMs: number;
}

export interface LinkOptions {
  /** Real time between a commit and its arrival. */
  delayMs(): number;
  /** False while replication is paused or one of the two ends is away. */
  isOpen(): boolean;
  deliver(underway: Underway): Promise<void>;
  /** Told of what never arrives, because a later write of the same item does. */
  onDropped(underway: Underway): void;
}

/** From one replica to one other, in the order of the commits. */
export interface ReplicationLink {
  send(underway: Underway): void;
  /** Looks anew at what is due: call it when the delay or the gate has changed. */
  pump(): void;
  /** Delivers everything now, whatever the delay and the gate say. */
  flush(): Promise<void>;
  /** Gives up everything that is underway. */
  clear(): void;
}

/** What a link keeps at most before it forgets writes that later ones supersede. */
const QUEUE_LIMIT = 10_000;

export function createReplicationLink(options: LinkOptions): ReplicationLink {
  let queue: Array<Underway> = [];
  let limit = QUEUE_LIMIT;
  let timer: NodeJS.Timeout | undefined;
  let delivering: Promise<void> = Promise.resolve();
  let isDelivering = false;

  async function deliverWhile(mayDeliver: (next: Underway) => boolean): Promise<void> {
    for (let next = queue[0]; next !== undefined && mayDeliver(next); next = queue[0]) {
      queue.shift();
      await options.deliver(next);
    }
  }

  const waitMs = ({ committedAtMs }: Underway) =>
    committedAtMs + options.delayMs() - performance.now();

  function pump(): void {
    clearTimeout(timer);
    const [next] = queue;
    if (isDelivering || next === undefined || !options.isOpen()) return;
    if (waitMs(next) > 0) {
      // Nothing waits for this alone: `close` of the replication flushes.
      timer = setTimeout(pump, waitMs(next)).unref();
      return;
    }
    isDelivering = true;
    delivering = deliverWhile((one) => options.isOpen() && waitMs(one) <= 0).finally(() => {
      isDelivering = false;
      pump();
    });
  }

  /** One write per item is enough to catch up; a region that is away bounds the queue so. */
  function compact(): void {
    const newest = new Map<string, Underway>();
    for (const one of queue) {
      const known = newest.get(one.item);
      if (known === undefined || isLater(one.stamp, known.stamp)) newest.set(one.item, one);
    }
    for (const one of queue) if (newest.get(one.item) !== one) options.onDropped(one);
    queue = queue.filter((one) => newest.get(one.item) === one);
    limit = Math.max(QUEUE_LIMIT, queue.length * 2);
  }

  return {
    send(underway) {
      queue.push(underway);
      if (queue.length > limit) compact();
      if (queue.length === 1) pump();
    },
    pump,
    async flush() {
      await delivering;
      await deliverWhile(() => true);
      await delivering;
    },
    clear() {
      clearTimeout(timer);
      for (const one of queue) options.onDropped(one);
      queue = [];
    },
  };
}
