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
  return new Link(options);
}

class Link implements ReplicationLink {
  readonly #options: LinkOptions;
  #queue: Array<Underway> = [];
  #limit = QUEUE_LIMIT;
  #timer: NodeJS.Timeout | undefined;
  #delivering: Promise<void> = Promise.resolve();
  #isDelivering = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  send(underway: Underway): void {
    this.#queue.push(underway);
    if (this.#queue.length > this.#limit) this.#compact();
    if (this.#queue.length === 1) this.pump();
  }

  pump(): void {
    clearTimeout(this.#timer);
    const [next] = this.#queue;
    if (this.#isDelivering || next === undefined || !this.#options.isOpen()) return;
    if (this.#waitMs(next) > 0) {
      // Nothing waits for this alone: `close` of the replication flushes.
      this.#timer = setTimeout(() => this.pump(), this.#waitMs(next)).unref();
      return;
    }
    this.#isDelivering = true;
    const isDue = (one: Underway) => this.#options.isOpen() && this.#waitMs(one) <= 0;
    this.#delivering = this.#deliverWhile(isDue).finally(() => {
      this.#isDelivering = false;
      this.pump();
    });
  }

  async flush(): Promise<void> {
    await this.#delivering;
    await this.#deliverWhile(() => true);
    await this.#delivering;
  }

  clear(): void {
    clearTimeout(this.#timer);
    for (const one of this.#queue) this.#options.onDropped(one);
    this.#queue = [];
  }

  async #deliverWhile(mayDeliver: (next: Underway) => boolean): Promise<void> {
    let [next] = this.#queue;
    while (next !== undefined && mayDeliver(next)) {
      this.#queue.shift();
      await this.#options.deliver(next);
      [next] = this.#queue;
    }
  }

  #waitMs({ committedAtMs }: Underway): number {
    return committedAtMs + this.#options.delayMs() - performance.now();
  }

  /** One write per item is enough to catch up; a region that is away bounds the queue so. */
  #compact(): void {
    const newest = new Map<string, Underway>();
    for (const one of this.#queue) {
      const known = newest.get(one.item);
      if (known === undefined || isLater(one.stamp, known.stamp)) newest.set(one.item, one);
    }
    const isNewest = (one: Underway) => newest.get(one.item) === one;
    for (const one of this.#queue) if (!isNewest(one)) this.#options.onDropped(one);
    this.#queue = this.#queue.filter(isNewest);
    this.#limit = Math.max(QUEUE_LIMIT, this.#queue.length * 2);
  }
}
