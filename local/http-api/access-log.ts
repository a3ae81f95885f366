/** One request that the HTTP API answered. The query is left out: it may carry codes. */
export interface RequestRecord {
  readonly requestId: string;
  /** Whose API answered. */
  readonly region: string;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly function: string | undefined;
  readonly status: number;
  readonly durationMs: number;
}

export interface AccessLog {
  add(record: RequestRecord): void;
  /** Newest first. */
  list(): ReadonlyArray<RequestRecord>;
  clear(): void;
}

const CAPACITY = 1_000;

export function createAccessLog(): AccessLog {
  let records: Array<RequestRecord> = [];
  return {
    add(record) {
      records.push(record);
      if (records.length > CAPACITY * 2) records = records.slice(-CAPACITY);
    },
    list: () => records.slice(-CAPACITY).reverse(),
    clear: () => {
      records = [];
    },
  };
}
