import type { Change, Origin, ReplicatedWrite } from './engine.ts';
import type { Replica } from './replication.ts';
import { keyOf, type Table } from './table.ts';

/** What one region tells the replication of its global tables. */
export interface ReplicaFeed extends Omit<Replica, 'replicate'> {
  append(change: Change, origin: Origin): void;
  /** The region was emptied: whatever it had told of is void. */
  reset(): void;
}

export function createReplicaFeed(tables: ReadonlyArray<Table>): ReplicaFeed {
  const replicated = new Map(
    tables.filter(({ replicaRegions }) => replicaRegions.length > 1).map((one) => [one.name, one]),
  );
  let tell: (write: ReplicatedWrite) => void = () => undefined;
  let tellReset: () => void = () => undefined;
  return {
    globalTables: new Map([...replicated].map(([name, table]) => [name, table.replicaRegions])),
    append({ table: name, before, after }, origin) {
      const table = replicated.get(name);
      // What came from a replica was sent to all of them from there.
      if (table === undefined || origin === 'replica') return;
      tell({ table: name, key: keyOf(after ?? before ?? {}, table.keySchema), item: after });
    },
    reset: () => tellReset(),
    onWrite(listener) {
      tell = listener;
    },
    onReset(listener) {
      tellReset = listener;
    },
  };
}
