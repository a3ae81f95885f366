import { InvariantError } from '../errors.ts';
import { toIsoTime } from '../time.ts';
import type { Act, Actor } from './act.ts';
import { canonicalJson } from './canonical-json.ts';
import type { AuditHour } from './hours.ts';

/** An act, and the hour whose tree it is a leaf of: later than its own if it was gathered too late. */
export interface AuditRecord extends Act {
  readonly hour: AuditHour;
}

/**
 * What is stored, hashed and shown: one text for one record (RFC 8785). Its UTF-8 bytes are the
 * leaf.
 */
export type RecordText = string & { readonly __brand: 'RecordText' };

export function renderRecord({ actor, ...record }: AuditRecord): RecordText {
  const members = Object.entries(record).filter((entry) => entry[1] !== undefined);
  return canonicalJson({ ...Object.fromEntries(members), actor: { ...actor } }) as RecordText;
}

/** What `renderRecord` made; whoever doubts that it still is what it was verifies the hour. */
export function parseRecord(text: RecordText): AuditRecord {
  const record: unknown = JSON.parse(text);
  if (typeof record !== 'object' || record === null) throw new InvariantError('no audit record');
  return record as AuditRecord;
}

/** Records of an hour are leaves in the order of their shards, then of this. */
export function orderOf({ at, id }: Pick<Act, 'at' | 'id'>): string {
  return `${toIsoTime(at)}#${id}`;
}

/** What an actor is found by: `person:<sub>`, `client:<id>`, `system:<name>`, `anonymous`. */
export function nameActor(actor: Actor): string {
  switch (actor.type) {
    case 'person':
      return `person:${actor.sub}`;
    case 'client':
      return `client:${actor.clientId}`;
    case 'system':
      return `system:${actor.name}`;
    case 'anonymous':
      return 'anonymous';
  }
}

/**
 * An hour's records lie in this many partitions, since one takes 1,000 writes a second. Fixed for
 * good: the order of leaves follows from it.
 */
export const SHARDS = 8;

export function shardOf({ id }: Pick<Act, 'id'>): number {
  return id.charCodeAt(0) % SHARDS;
}
