import {
  type DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { CellName } from '../../core/cells.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { HashedIdentifier, IdentifierHash, Sub } from '../../core/ids.ts';
import type { Claiming, LapsedClaim } from '../../core/ports/directory.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { accountKey, type Item } from './account-items.ts';
import { isWritten } from './conditional-writes.ts';
import {
  claimIdentifier,
  decodeClaim,
  findLapsed,
  findQuarantineEnd,
  identifierKey,
  subKey,
} from './identifier-items.ts';
import { cancellationCodes, sendDynamo } from './send.ts';

interface ClaimsDeps {
  readonly dynamo: DynamoDBClient;
  readonly directoryTable: string;
  readonly dataTable: string;
  readonly cell: CellName;
  readonly primary?: { readonly forClaims: DynamoDBClient } | undefined;
}

/** One conditional transaction in the primary region; a repetition of ours succeeds. */
export async function makeClaim(
  deps: ClaimsDeps,
  { identifier, sub, now }: { identifier: HashedIdentifier; sub: Sub; now: EpochSeconds },
): Promise<Claiming> {
  const claim = { identifier, sub, cell: deps.cell, now };
  const TransactItems = [...claimIdentifier(deps.directoryTable, claim, 'pending')];
  try {
    await sendDynamo(clientOf(deps), new TransactWriteItemsCommand({ TransactItems }));
    return { outcome: 'claimed' };
  } catch (error) {
    if (!cancellationCodes(error).includes('ConditionalCheckFailed')) throw error;
    return readRefusal(error, sub, now);
  }
}

/** Why a transaction that claims an identifier was refused: whose the claims are that stood there. */
export function readRefusal(error: unknown, sub: Sub, now: EpochSeconds): Claiming {
  const standing = standingItems(error);
  const others = standing.filter((item) => decodeClaim(item).sub !== sub);
  // Confirmed before, for this very person.
  if (standing.length > 0 && others.length === 0) return { outcome: 'claimed' };
  const lapsed = others.map((item) => findLapsed(item, now));
  const [claim] = lapsed;
  if (claim !== undefined && !lapsed.includes(undefined)) return { outcome: 'lapsed', claim };
  const quarantinedUntil = others.map(findQuarantineEnd).find((end) => end !== undefined);
  return { outcome: 'held', ...(quarantinedUntil !== undefined && { quarantinedUntil }) };
}

function standingItems(error: unknown): ReadonlyArray<Item> {
  if (!(error instanceof TransactionCanceledException)) return [];
  const reasons = error.CancellationReasons ?? [];
  return reasons.flatMap(({ Code: code, Item: item }) =>
    code === 'ConditionalCheckFailed' && item?.['sk']?.S === 'IDENTIFIER' ? [item] : [],
  );
}

/** In the directory first: until that is done, the pointer says that it has to be. */
export async function confirmResident(
  deps: ClaimsDeps,
  identifier: IdentifierHash,
  sub: Sub,
): Promise<void> {
  const { directoryTable, dataTable, dynamo } = deps;
  const isOurs = await forget(clientOf(deps), directoryTable, { identifier, sub }, 'pendingUntil');
  if (isOurs) await forget(dynamo, dataTable, { identifier, sub }, 'isUnconfirmed');
}

/** As `confirmResident`; while the primary region is away it stays to be done. */
export async function confirmLate(
  deps: ClaimsDeps,
  identifier: IdentifierHash,
  sub: Sub,
): Promise<void> {
  try {
    await confirmResident(deps, identifier, sub);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
  }
}

/**
 * Nobody is about to create that account any more: it exists by now or never will. A claim that
 * was repeated meanwhile is left alone.
 */
export async function settleClaim(
  deps: ClaimsDeps,
  claim: Pick<LapsedClaim, 'identifier' | 'sub' | 'pendingUntil'>,
): Promise<void> {
  const { identifier, sub } = claim;
  const Key = accountKey(sub);
  const get = new GetItemCommand({ TableName: deps.dataTable, Key, ConsistentRead: true });
  const { Item: account } = await sendDynamo(deps.dynamo, get);
  if (account !== undefined) return confirmResident(deps, identifier, sub);
  return release(deps, claim);
}

async function release(
  deps: ClaimsDeps,
  { identifier, sub, pendingUntil }: Pick<LapsedClaim, 'identifier' | 'sub' | 'pendingUntil'>,
): Promise<void> {
  const TableName = deps.directoryTable;
  const claim = {
    TableName,
    Key: identifierKey(identifier),
    ConditionExpression: '#sub = :sub AND pendingUntil = :seen',
    ExpressionAttributeNames: { '#sub': 'sub' },
    ExpressionAttributeValues: { ':sub': { S: sub }, ':seen': { N: String(pendingUntil) } },
  };
  const TransactItems = [{ Delete: claim }, { Delete: { TableName, Key: subKey(sub) } }];
  try {
    await sendDynamo(clientOf(deps), new TransactWriteItemsCommand({ TransactItems }));
  } catch (error) {
    if (!cancellationCodes(error).includes('ConditionalCheckFailed')) throw error;
  }
}

/** Removes an attribute of the person's own item; false when it is not theirs. */
async function forget(
  client: DynamoDBClient,
  table: string,
  { identifier, sub }: { readonly identifier: IdentifierHash; readonly sub: Sub },
  attribute: 'pendingUntil' | 'isUnconfirmed',
): Promise<boolean> {
  const update = new UpdateItemCommand({
    TableName: table,
    Key: identifierKey(identifier),
    ConditionExpression: '#sub = :sub',
    UpdateExpression: `REMOVE ${attribute}`,
    ExpressionAttributeNames: { '#sub': 'sub' },
    ExpressionAttributeValues: { ':sub': { S: sub } },
  });
  return isWritten(sendDynamo(client, update));
}

function clientOf({ dynamo, primary }: ClaimsDeps): DynamoDBClient {
  return primary?.forClaims ?? dynamo;
}
