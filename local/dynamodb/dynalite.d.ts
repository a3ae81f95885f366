/**
 * The parts of dynalite that the front runs in process. The package carries no types, and only its
 * HTTP server is public; its exact version is pinned, and the differential test would notice a change.
 */
declare namespace Dynalite {
  type Json = Record<string, unknown>;
  type Callback<T> = (error: unknown, value: T) => void;

  interface BatchOperation {
    readonly type: 'put' | 'del';
    readonly key: string;
    readonly value?: unknown;
  }

  interface SubStore {
    lock(key: string, task: (release: <F>(callback: F) => F) => void): void;
    get(key: string, callback: Callback<Json | undefined>): void;
    put(key: string, value: unknown, callback: Callback<void>): void;
    del(key: string, callback: Callback<void>): void;
    createValueStream(range: Range): import('node:stream').Readable;
  }

  /** Keys, and how many of them in which order; all from the least on unless said otherwise. */
  interface Range {
    readonly gt?: string;
    readonly gte?: string;
    readonly lt?: string;
    readonly lte?: string;
    readonly limit?: number;
    readonly reverse?: boolean;
  }

  interface Level {
    batch(operations: ReadonlyArray<BatchOperation>): Promise<void>;
    clear(range: { gte: string; lt: string }): Promise<void>;
    open(): Promise<void>;
    close(): Promise<void>;
    getSync(key: string): Json | undefined;
    values(range: Range): { all(): Promise<Array<unknown>> };
  }

  interface Store {
    readonly options: Json;
    readonly db: Level;
    readonly tableDb: SubStore & { awsRegion: string; awsAccountId: string };
    /** The callback comes second where nobody asks for the status. */
    getTable(name: string, second: true | Callback<Json>, third?: Callback<Json>): void;
    getItemDb(name: string): SubStore;
    getIndexDb(kind: string, tableName: string, indexName: string): SubStore;
  }

  interface Validation {
    readonly types: Json;
    readonly custom?: (data: Json, store: Store) => string | undefined;
  }

  type Action = (store: Store, data: Json, callback: Callback<Json>) => void;
}

declare module 'dynalite/db/index.js' {
  const db: {
    create(options: { path?: string; createTableMs?: number }): Dynalite.Store;
    createKey(item: Dynalite.Json, table: Dynalite.Json): string;
    validateKey(key: Dynalite.Json, table: Dynalite.Json): unknown;
    validateItem(item: Dynalite.Json, table: Dynalite.Json): unknown;
    validateUpdates(legacy: undefined, updates: Dynalite.Json, table: Dynalite.Json): unknown;
    validateKeyPaths(nestedPaths: unknown, table: Dynalite.Json): unknown;
    itemSize(item: Dynalite.Json): number;
    /** What a query or a scan finds in a range: `Items`, `Count`, `ScannedCount`, `LastEvaluatedKey`. */
    queryTable(
      store: Dynalite.Store,
      table: Dynalite.Json,
      data: Dynalite.Json,
      range: Dynalite.Range,
      isLocal: boolean | undefined,
      isFetched: boolean,
      keyNames: ReadonlyArray<string>,
      callback: Dynalite.Callback<Dynalite.Json>,
    ): void;
  };
  export default db;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    checkTypes(data: Dynalite.Json, types: Dynalite.Json): Dynalite.Json;
    checkValidations(
      data: Dynalite.Json,
      types: Dynalite.Json,
      custom: Dynalite.Validation['custom'],
      store: Dynalite.Store,
    ): void;
    /** Parses every expression of `data` into `_condition`, `_updates`… ; a string is a complaint. */
    validateExpressions(data: Dynalite.Json): string | undefined;
    /** Brings numbers into their shortest form; a string is a complaint. */
    validateAttributeValue(value: unknown): string | undefined;
    convertKeyCondition(expression: unknown): string | Dynalite.Json;
  };
  export default validations;
}

declare module 'dynalite/validations/*.js' {
  const validation: Dynalite.Validation;
  export default validation;
}

declare module 'dynalite/actions/*.js' {
  const action: Dynalite.Action;
  export default action;
}
