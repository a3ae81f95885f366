/**
 * Global tables (version 2019.11.21, eventually consistent): what a caller or TTL commits in one
 * region reaches the other replicas after a delay, item by item; a transaction is atomic only where
 * it was made. The later write of an item wins everywhere. What arrives is not sent on.
 */
import type { Clock } from '../types.ts';
import type { Engine, ReplicatedWrite } from './engine.ts';
import { createReplicationLink, type ReplicationLink, type Underway } from './replication-link.ts';
import { createWriteStamps } from './write-stamps.ts';

/** One region's side of the global tables. */
export interface Replica {
  /** Table → regions of its replicas, this one included. */
  readonly globalTables: ReadonlyMap<string, ReadonlyArray<string>>;
  readonly replicate: Engine['replicate'];
  /** Calls back in commit order with what callers and TTL wrote, before the next write begins. */
  onWrite(listener: (write: ReplicatedWrite) => void): void;
  /** Calls back when the region is emptied. */
  onReset(listener: () => void): void;
}

export interface ReplicationOptions {
  /** By region. */
  readonly services: ReadonlyMap<string, { readonly replica: Replica }>;
  /** Whose time decides which write is the later one. */
  readonly clock: Clock;
  /** Real time, in milliseconds. */
  readonly delayMs?: number;
}

export interface Replication {
  delayMs(): number;
  isPaused(): boolean;
  /** Holds for what is underway too. */
  setDelayMs(delayMs: number): void;
  pause(): void;
  resume(): void;
  /** A region that is away neither sends nor receives. */
  hold(region: string): void;
  /** It is back, and catches up in both directions. */
  release(region: string): void;
  /** Delivers all that is underway, paused or not, but for regions that are held. */
  flush(): Promise<void>;
  /** Delivers all that is underway, to regions that are held too, and replicates no more. */
  close(): Promise<void>;
}

export const DEFAULT_REPLICATION_DELAY_MS = 500;

interface Route {
  readonly source: string;
  readonly target: string;
  readonly link: ReplicationLink;
}

/** Starts replicating between the regions given. Regions that are not among them are left out. */
export function createReplication(options: ReplicationOptions): Replication {
  return new RoutedReplication(options);
}

class RoutedReplication implements Replication {
  readonly #clock: Clock;
  readonly #stamps = createWriteStamps();
  readonly #held = new Set<string>();
  readonly #routes: ReadonlyArray<Route>;
  #delayMs: number;
  #isPaused = false;
  #isClosed = false;

  constructor({ services, clock, delayMs = DEFAULT_REPLICATION_DELAY_MS }: ReplicationOptions) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#routes = [...services].flatMap(([source, { replica }]) =>
      [...services]
        .filter(([target]) => shareTables(source, replica, target))
        .map(([target, far]) => this.#open(source, target, far.replica)),
    );
    for (const [region, { replica }] of services) this.#follow(region, replica);
  }

  delayMs(): number {
    return this.#delayMs;
  }

  isPaused(): boolean {
    return this.#isPaused;
  }

  setDelayMs(delayMs: number): void {
    this.#delayMs = delayMs;
    this.#pumpAll();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#pumpAll();
  }

  hold(region: string): void {
    this.#held.add(region);
  }

  release(region: string): void {
    this.#held.delete(region);
    this.#pumpAll();
  }

  async flush(): Promise<void> {
    const isHeld = ({ source, target }: Route) => this.#held.has(source) || this.#held.has(target);
    await flushAll(this.#routes.filter((route) => !isHeld(route)));
  }

  async close(): Promise<void> {
    await flushAll(this.#routes);
    this.#isClosed = true;
    for (const { link } of this.#routes) link.clear();
  }

  #open(source: string, target: string, far: Replica): Route {
    const settle = ({ item }: Underway) => this.#stamps.settle(item);
    const link = createReplicationLink({
      delayMs: () => this.#delayMs,
      isOpen: () => !this.#isPaused && !this.#held.has(source) && !this.#held.has(target),
      onDropped: settle,
      deliver: async (underway) => {
        const { write, stamp, item } = underway;
        try {
          await far.replicate(write, () => this.#stamps.admit(item, target, stamp));
        } catch (error) {
          console.error(`replication of ${write.table} to ${target} failed`, error);
        } finally {
          settle(underway);
        }
      },
    });
    return { source, target, link };
  }

  #follow(region: string, replica: Replica): void {
    const regionsOf = (table: string) => replica.globalTables.get(table) ?? [];
    replica.onWrite((write) => this.#send(region, regionsOf(write.table), write));
    replica.onReset(() => {
      for (const { source, target, link } of this.#routes) {
        if (source === region || target === region) link.clear();
      }
    });
  }

  #send(source: string, regions: ReadonlyArray<string>, write: ReplicatedWrite): void {
    const outgoing = this.#routes.filter(
      (route) => route.source === source && regions.includes(route.target),
    );
    if (this.#isClosed || outgoing.length === 0) return;
    const item = JSON.stringify([write.table, write.key]);
    const stamp = this.#stamps.stamp(item, source, this.#clock.nowMs(), outgoing.length);
    const committedAtMs = performance.now();
    for (const { link } of outgoing) link.send({ item, write, stamp, committedAtMs });
  }

  #pumpAll(): void {
    for (const { link } of this.#routes) link.pump();
  }
}

async function flushAll(routes: ReadonlyArray<Route>): Promise<void> {
  await Promise.all(routes.map(({ link }) => link.flush()));
}

function shareTables(source: string, { globalTables }: Replica, target: string): boolean {
  if (source === target) return false;
  return [...globalTables.values()].some((regions) => regions.includes(target));
}
