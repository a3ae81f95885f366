import type { JsonObject } from './json-object.ts';
import type { Table } from './table.ts';

/** A stored item in DynamoDB's own JSON: `{ "pk": { "S": "USER#1" } }`. */
export type Item = JsonObject;

/** What a committed write did to one item; the journal turns it into a stream record. */
export interface Change {
  readonly table: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Who made a change: a caller, time to live, or another region's replica of the table. */
export type Origin = 'caller' | 'time-to-live' | 'replica';

/** One item as another replica wrote it; deleted there when `item` is undefined. */
export interface ReplicatedWrite {
  readonly table: string;
  readonly key: Item;
  readonly item: Item | undefined;
}

/** Stores items and evaluates expressions. Throws AwsError. */
export interface Engine {
  /** One operation of the item API, unvalidated as it came over the wire. */
  call(operation: string, input: JsonObject): Promise<JsonObject>;
  /** Every item of a table, in no order that anybody may rely on. */
  items(table: string): Promise<ReadonlyArray<Item>>;
  /** Deletes an expired item, if it is still the one that was seen; true when it did. */
  expire(table: string, seen: Item): Promise<boolean>;
  /**
   * Applies another replica's write unless `isNewer` says no, which is asked once nobody can write
   * in between.
   */
  replicate(write: ReplicatedWrite, isNewer: () => boolean): Promise<void>;
  /** A table that no template declares, with its items; nobody is told of them. */
  addTable(table: Table, items: ReadonlyArray<Item>): Promise<void>;
  dropTable(name: string): Promise<void>;
  /** The Streams API, of an engine that keeps streams of its own. */
  readonly streams?: (operation: string, input: JsonObject) => Promise<JsonObject>;
  /** Empties every table of the template. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
