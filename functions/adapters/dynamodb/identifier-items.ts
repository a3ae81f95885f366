import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { CellName } from '../../core/cells.ts';
import type { HashedIdentifier, IdentifierHash, LabelKey, Sub } from '../../core/ids.ts';
import type { Claimant, LapsedClaim, PointedAt } from '../../core/ports/directory.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Item } from './account-items.ts';

/**
 * How long an unconfirmed claim keeps others away. Longer than the timeout of the function that
 * creates the account after it, many times over: once it is up, nobody is about to.
 */
const PENDING_SECONDS = 900;

/** Whom an identifier is claimed for, and where they will be at home. */
export interface Claim {
  readonly identifier: HashedIdentifier;
  readonly sub: Sub;
  readonly cell: CellName;
  readonly now: EpochSeconds;
}

/** Of a claim in the directory, and of a resident's pointer in the data table. */
export function identifierKey(identifier: IdentifierHash): Item {
  return { pk: { S: `IDENTIFIER#${identifier}` }, sk: { S: 'IDENTIFIER' } };
}

export function identifierOf(item: Item): IdentifierHash {
  return (item['pk']?.S ?? '').slice('IDENTIFIER#'.length) as IdentifierHash;
}

export function subKey(sub: Sub): Item {
  return { pk: { S: `SUB#${sub}` }, sk: { S: 'SUB' } };
}

/** Newest first: the order in which what is found counts. */
export function hashesOf({ current, earlier }: HashedIdentifier): ReadonlyArray<IdentifierHash> {
  return [current, ...earlier];
}

export function decodeClaim(item: Item): Claimant {
  return {
    sub: (item['sub']?.S ?? '') as Sub,
    cell: item['cell']?.S ?? '',
    isPending: item['pendingUntil'] !== undefined,
  };
}

/** Of a resident's pointer. */
export function decodePointer(item: Item): PointedAt {
  const labelKey = item['labelKey']?.S as LabelKey | undefined;
  return { sub: decodeClaim(item).sub, ...(labelKey !== undefined && { labelKey }) };
}

/**
 * Until when nobody can claim the identifier: whoever had it was erased. Undefined for a claim that
 * somebody has.
 */
export function findQuarantineEnd(item: Item): EpochSeconds | undefined {
  const end = item['quarantinedUntil']?.N;
  return end === undefined ? undefined : (Number(end) as EpochSeconds);
}

/** Undefined for a claim that stands, and for one that is still being made good. */
export function findLapsed(item: Item | undefined, now: EpochSeconds): LapsedClaim | undefined {
  const end = item?.['pendingUntil']?.N;
  if (item === undefined || end === undefined || Number(end) > now) return undefined;
  const { sub, cell } = decodeClaim(item);
  return { identifier: identifierOf(item), sub, cell, pendingUntil: Number(end) as EpochSeconds };
}

/**
 * The writes that claim an identifier, the claim itself first: of two such transactions, one
 * fails. Pending claims may be repeated for the same person. What was claimed under an earlier
 * pepper holds, too.
 */
export function claimIdentifier(
  directoryTable: string,
  { identifier, sub, cell, now }: Claim,
  standing: 'pending' | 'confirmed',
): ReadonlyArray<TransactWriteItem> {
  const isFree = conditionOf({ sub, now }, standing === 'pending' ? OR_THEIRS : '');
  const isFreeOrPending = conditionOf({ sub, now }, standing === 'pending' ? OR_THEIR_PENDING : '');
  const checks = identifier.earlier.map((earlier) => ({
    ConditionCheck: { TableName: directoryTable, Key: identifierKey(earlier), ...isFree },
  }));
  const pendingUntil = { N: String(now + PENDING_SECONDS) };
  const claim = {
    ...identifierKey(identifier.current),
    v: { N: '1' },
    sub: { S: sub },
    cell: { S: cell },
    createdAt: { N: String(now) },
    ...(standing === 'pending' && { pendingUntil }),
  };
  const home = { ...subKey(sub), v: { N: '1' }, sub: { S: sub }, cell: { S: cell } };
  return [
    { Put: { TableName: directoryTable, Item: claim, ...isFreeOrPending } },
    ...checks,
    { Put: { TableName: directoryTable, Item: home, ...isFree } },
  ];
}

const OR_THEIRS = ' OR #sub = :sub';
/** A claim that stands for good must not become a pending one again. */
const OR_THEIR_PENDING = ' OR (#sub = :sub AND attribute_exists(pendingUntil))';

/** Free is what nobody has, and what has been out of use for long enough after an erasure. */
function conditionOf({ sub, now }: Pick<Claim, 'sub' | 'now'>, or: string) {
  return {
    ConditionExpression: `attribute_not_exists(pk) OR quarantinedUntil <= :now${or}`,
    ...(or !== '' && { ExpressionAttributeNames: { '#sub': 'sub' } }),
    ExpressionAttributeValues: {
      ':now': { N: String(now) },
      ...(or !== '' && { ':sub': { S: sub } }),
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

/**
 * In the data table: finds a resident without the directory. The account's own `labelKey` comes
 * along, because a recovery reads no more than this.
 */
export function putPointer(
  dataTable: string,
  { identifier, sub, labelKey }: Pick<Claim, 'identifier'> & Required<PointedAt>,
  standing: 'pending' | 'confirmed',
): TransactWriteItem {
  return {
    Put: {
      TableName: dataTable,
      Item: {
        ...identifierKey(identifier.current),
        v: { N: '1' },
        sub: { S: sub },
        labelKey: { S: labelKey },
        ...(standing === 'pending' && { isUnconfirmed: { BOOL: true } }),
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}
