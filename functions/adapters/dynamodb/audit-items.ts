import type { ActKind } from '../../core/audit/act.ts';
import {
  type AuditRecord,
  nameActor,
  orderOf,
  type RecordText,
  renderRecord,
  SHARDS,
  shardOf,
} from '../../core/audit/audit-record.ts';
import type { AuditHour } from '../../core/audit/hours.ts';
import { InvariantError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { hashSecret } from '../crypto/hash.ts';
import type { Item } from './account-items.ts';

/** The partitions of an hour, in the order of its leaves. */
export function hourPartitions(hour: AuditHour): ReadonlyArray<string> {
  return shards().map((shard) => `AUDIT#${hour}#${shard}`);
}

export function personPartition(sub: Sub): string {
  return `AUDIT-BY-PERSON#${sub}`;
}

/** `actor` as `nameActor` says. */
export function actorPartition(actor: string): string {
  return `AUDIT-BY-ACTOR#${actor}`;
}

export function kindPartitions(kind: ActKind): ReadonlyArray<string> {
  return shards().map((shard) => `AUDIT-BY-KIND#${kind}#${shard}`);
}

function shards(): ReadonlyArray<number> {
  return Array.from({ length: SHARDS }, (_, shard) => shard);
}

export function recordKey(record: Pick<AuditRecord, 'hour' | 'at' | 'id'>): Item {
  return {
    pk: { S: `AUDIT#${record.hour}#${shardOf(record)}` },
    sk: { S: orderOf(record) },
  };
}

/** The record, and what leads to it: by person, by actor and by kind. */
export function encodeRecord(record: AuditRecord, expiresAt: number): ReadonlyArray<Item> {
  const sk = { S: orderOf(record) };
  const text = renderRecord(record);
  const rest = { v: { N: '1' }, expiresAt: { N: String(expiresAt) } };
  return [
    { ...recordKey(record), record: { S: text }, ...rest },
    ...indexPartitions(record).map((pk) => ({
      ...{ pk: { S: pk }, sk },
      hour: { S: record.hour },
      hash: { S: hashSecret(text) },
      ...rest,
    })),
  ];
}

/**
 * Pointers and no copies: what an index leads to is the record that the hour's root vouches for. Its
 * hash tells, of an hour whose tree does not fit, which record is not what it was. A person who acts on themselves is found by person; who proved nothing, by kind.
 */
function indexPartitions(record: AuditRecord): ReadonlyArray<string> {
  const { actor, kind, sub } = record;
  const isOwn = actor.type === 'person' && actor.sub === sub;
  return [
    ...(sub === undefined ? [] : [personPartition(sub)]),
    ...(isOwn || actor.type === 'anonymous' ? [] : [actorPartition(nameActor(actor))]),
    kindPartitions(kind)[shardOf(record)] ?? '',
  ];
}

/** The text as stored, which the leaf is made of. */
export function textOf(item: Item): RecordText {
  const text = item['record']?.S;
  if (text === undefined) throw new InvariantError('an audit item without its record');
  return text as RecordText;
}

export interface Pointer {
  readonly hour: AuditHour;
  readonly at: EpochSeconds;
  readonly id: string;
  /** SHA-256 of the record's text, base64url. */
  readonly hash: string;
}

export function decodePointer(item: Item): Pointer {
  const [at = '', id = ''] = (item['sk']?.S ?? '').split('#');
  return {
    hour: (item['hour']?.S ?? '') as AuditHour,
    at: (Date.parse(at) / 1000) as EpochSeconds,
    id,
    hash: item['hash']?.S ?? '',
  };
}

/** Where an act is noted that was gathered after its hour had closed. */
export function lateKey(id: string): Item {
  return { pk: { S: `AUDIT-LATE#${id}` }, sk: { S: 'LATE' } };
}

/** Which hour the trail begins with. */
export const BEGINNING_KEY: Item = { pk: { S: 'AUDIT-BEGINNING' }, sk: { S: 'BEGINNING' } };

/** Up to which hour everything is in the archive. */
export const ARCHIVED_KEY: Item = { pk: { S: 'AUDIT-ARCHIVED' }, sk: { S: 'ARCHIVED' } };

/** Partition of the roots, by hour. */
export const ROOTS = 'AUDIT-ROOTS';
