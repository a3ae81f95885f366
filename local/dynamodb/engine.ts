import type { JsonObject } from './json-object.ts';

/** A stored item in DynamoDB's own JSON: `{ "pk": { "S": "USER#1" } }`. */
export type Item = JsonObject;

/** What a committed write did to one item; the journal turns it into a stream record. */
export interface Change {
  readonly table: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** Stores items and evaluates expressions. Throws AwsError. */
export interface Engine {
  /** One operation of the item API, unvalidated as it came over the wire. */
  call(operation: string, input: JsonObject): Promise<JsonObject>;
  /** Every item of a table, in no order that anybody may rely on. */
  items(table: string): Promise<ReadonlyArray<Item>>;
  /** Deletes an expired item, if it is still the one that was seen; true when it did. */
  expire(table: string, seen: Item): Promise<boolean>;
  /** The Streams API, of an engine that keeps streams of its own. */
  readonly streams?: (operation: string, input: JsonObject) => Promise<JsonObject>;
  /** Empties every table. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
