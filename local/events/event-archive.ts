/** One event that was put on a bus: `GET /_local/api/events`. */
export interface ArchivedEvent {
  readonly seq: number;
  readonly at: string;
  readonly region: string;
  readonly bus: string;
  readonly source: string;
  readonly detailType: string;
  readonly detail: unknown;
}

/** What was put on the buses of all regions, oldest first; bounded. */
export interface EventArchive {
  add(event: Omit<ArchivedEvent, 'seq' | 'at'>): void;
  since(seq: number): ReadonlyArray<ArchivedEvent>;
  clear(): void;
}

const CAPACITY = 5_000;

export function createEventArchive(nowMs: () => number): EventArchive {
  let events: Array<ArchivedEvent> = [];
  let seq = 0;
  return {
    add(event) {
      seq += 1;
      events.push({ seq, at: new Date(nowMs()).toISOString(), ...event });
      if (events.length > CAPACITY * 2) events = events.slice(-CAPACITY);
    },
    since: (after) => events.filter((event) => event.seq > after),
    clear: () => {
      // The sequence goes on, so that a reader's cursor stays valid.
      events = [];
    },
  };
}
