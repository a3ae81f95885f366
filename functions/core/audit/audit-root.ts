import type { EpochSeconds } from '../time.ts';
import { type AuditHour, parseHour } from './hours.ts';

/**
 * What is signed of an hour: how many records it has and the root of their tree, and the root
 * before it, so that none of the chain can be left out.
 */
export interface AuditRoot {
  readonly iss: string;
  readonly iat: EpochSeconds;
  readonly cell: string;
  readonly hour: AuditHour;
  readonly size: number;
  /** RFC 9162 §2.1.1 over the records as stored; SHA-256, base64url. */
  readonly treeHash: string;
  /** SHA-256 of the previous root's JWS, base64url; absent at the beginning of the chain. */
  readonly previous?: string;
  /** Until then the records can be compared with the root. */
  readonly retainedUntil: EpochSeconds;
}

export type SignedRoot = Readonly<Record<string, unknown>>;

/** Undefined for claims that are no root's. */
export function parseRoot(claims: SignedRoot): AuditRoot | undefined {
  const { iss, iat, cell, hour, size, treeHash, previous, retainedUntil } = claims;
  const parsedHour = typeof hour === 'string' ? parseHour(hour) : undefined;
  if (parsedHour === undefined || !isText(iss, cell, treeHash)) return undefined;
  if (!isCount(iat, size, retainedUntil) || !(previous === undefined || isText(previous))) {
    return undefined;
  }
  return {
    ...{ iss: String(iss), cell: String(cell), treeHash: String(treeHash) },
    hour: parsedHour,
    ...(previous !== undefined && { previous: String(previous) }),
    size: Number(size),
    iat: Number(iat) as EpochSeconds,
    retainedUntil: Number(retainedUntil) as EpochSeconds,
  };
}

function isText(...values: ReadonlyArray<unknown>): boolean {
  return values.every((value) => typeof value === 'string');
}

function isCount(...values: ReadonlyArray<unknown>): boolean {
  return values.every((value) => Number.isSafeInteger(value) && Number(value) >= 0);
}
