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
  const { services, clock } = options;
  const stamps = createWriteStamps();
  const held = new Set<string>();
  let delayMs = options.delayMs ?? DEFAULT_REPLICATION_DELAY_MS;
  let isPaused = false;
  let isClosed = false;

  const routes = [...services].flatMap(([source, { replica }]) =>
    [...services]
      .filter(([target]) => shareTables(source, replica, target))
      .map(
        ([target, { replica: far }]): Route => ({
          source,
          target,
          link: open(source, target, far),
        }),
      ),
  );

  function open(source: string, target: string, far: Replica): ReplicationLink {
    const settle = ({ item }: Underway) => stamps.settle(item);
    return createReplicationLink({
      delayMs: () => delayMs,
      isOpen: () => !isPaused && !held.has(source) && !held.has(target),
      onDropped: settle,
      async deliver(underway) {
        const { write, stamp, item } = underway;
        try {
          await far.replicate(write, () => stamps.admit(item, target, stamp));
        } catch (error) {
          console.error(`replication of ${write.table} to ${target} failed`, error);
        } finally {
          settle(underway);
        }
      },
    });
  }

  function send(source: string, regions: ReadonlyArray<string>, write: ReplicatedWrite): void {
    const outgoing = routes.filter(
      (route) => route.source === source && regions.includes(route.target),
    );
    if (isClosed || outgoing.length === 0) return;
    const item = JSON.stringify([write.table, write.key]);
    const stamp = stamps.stamp(item, source, clock.nowMs(), outgoing.length);
    const committedAtMs = performance.now();
    for (const { link } of outgoing) link.send({ item, write, stamp, committedAtMs });
  }

  function pumpAll(): void {
    for (const { link } of routes) link.pump();
  }

  async function flush(which: (route: Route) => boolean): Promise<void> {
    await Promise.all(routes.filter(which).map(({ link }) => link.flush()));
  }

  for (const [region, { replica }] of services) {
    replica.onWrite((write) => send(region, replica.globalTables.get(write.table) ?? [], write));
    replica.onReset(() => {
      for (const { source, target, link } of routes) {
        if (source === region || target === region) link.clear();
      }
    });
  }

  return {
    delayMs: () => delayMs,
    isPaused: () => isPaused,
    setDelayMs(wanted) {
      delayMs = wanted;
      pumpAll();
    },
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      pumpAll();
    },
    hold: (region) => void held.add(region),
    release(region) {
      held.delete(region);
      pumpAll();
    },
    flush: () => flush(({ source, target }) => !held.has(source) && !held.has(target)),
    async close() {
      await flush(() => true);
      isClosed = true;
      for (const { link } of routes) link.clear();
    },
  };
}

function shareTables(source: string, { globalTables }: Replica, target: string): boolean {
  if (source === target) return false;
  return [...globalTables.values()].some((regions) => regions.includes(target));
}
