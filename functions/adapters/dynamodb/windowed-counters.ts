import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  type Update,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import { addSeconds, type EpochSeconds } from '../../core/time.ts';
import type { Item } from './account-items.ts';
import { actAttribute } from './acts.ts';
import { sendDynamo } from './send.ts';

/** At most `limit` within a window that begins with the first count. */
export interface CounterRule {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** A rule, and what its count is an act of, if it is one. */
interface Counting extends CounterRule {
  readonly act?: Act;
}

type CounterUpdate = Update & { UpdateExpression: string };

/** Counts one more; its condition fails when the limit is reached or the window is over. */
export function countOne(
  table: string,
  key: Item,
  rule: Counting,
  now: EpochSeconds,
): CounterUpdate {
  return {
    TableName: table,
    Key: key,
    ConditionExpression: 'attribute_not_exists(pk) OR (windowEndsAt > :now AND #count < :limit)',
    UpdateExpression: `SET v = :one, windowEndsAt = if_not_exists(windowEndsAt, :end), expiresAt = if_not_exists(expiresAt, :end)${tellingOf(rule).set} ADD #count :one`,
    ExpressionAttributeNames: { '#count': 'count', ...tellingOf(rule).names },
    ExpressionAttributeValues: {
      ':now': { N: String(now) },
      ':limit': { N: String(rule.limit) },
      ':end': { N: String(addSeconds(now, rule.windowSeconds)) },
      ':one': { N: '1' },
      ...tellingOf(rule).values,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** Begins a new window with one; its condition fails when somebody else has just done so. */
export function restartWithOne(
  table: string,
  key: Item,
  rule: Counting,
  now: EpochSeconds,
): CounterUpdate {
  return {
    TableName: table,
    Key: key,
    ConditionExpression: 'attribute_not_exists(pk) OR windowEndsAt <= :now',
    UpdateExpression: `SET v = :one, windowEndsAt = :end, expiresAt = :end, #count = :one${tellingOf(rule).set}`,
    ExpressionAttributeNames: { '#count': 'count', ...tellingOf(rule).names },
    ExpressionAttributeValues: {
      ':now': { N: String(now) },
      ':end': { N: String(addSeconds(now, rule.windowSeconds)) },
      ':one': { N: '1' },
      ...(rule.act !== undefined && { ':limit': { N: String(rule.limit) } }),
      ...tellingOf(rule).values,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** Whoever reads the act sees by the limit whether it was the last that is allowed. */
function tellingOf({ act }: Counting) {
  if (act === undefined) return { set: '', names: {}, values: {} };
  return {
    set: ', act = :act, #limit = :limit',
    names: { '#limit': 'limit' },
    values: { ':act': actAttribute(act) },
  };
}

/** Takes one back, for what did not happen after all. */
export function uncountOne(table: string, key: Item): CounterUpdate {
  return {
    TableName: table,
    Key: key,
    ConditionExpression: '#count > :zero',
    UpdateExpression: 'ADD #count :minusOne',
    ExpressionAttributeNames: { '#count': 'count' },
    ExpressionAttributeValues: { ':zero': { N: '0' }, ':minusOne': { N: '-1' } },
  };
}

/** When the window of a counter item ends; 0 when there is no item. */
export function windowEndOf(item: Item | undefined): EpochSeconds {
  return Number(item?.['windowEndsAt']?.N ?? '0') as EpochSeconds;
}

interface CountersDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

/**
 * Counts one more, by itself and not in a transaction. One write; a second one only when an old
 * window has to be replaced. Undefined when it was counted, else when the full window ends.
 */
export async function reserveOne(
  deps: CountersDeps,
  key: Item,
  rule: Counting,
  now: EpochSeconds,
): Promise<EpochSeconds | undefined> {
  const failed = await tryUpdate(deps, countOne(deps.dataTable, key, rule, now));
  if (failed === undefined) return undefined;
  const until = windowEndOf(failed.Item);
  if (until > now) return until;
  const lost = await tryUpdate(deps, restartWithOne(deps.dataTable, key, rule, now));
  // Whoever won has begun a window that ends after now: the next round settles it.
  return lost === undefined ? undefined : reserveOne(deps, key, rule, now);
}

/** Undoes that; nothing happens where there is nothing to undo. */
export async function giveBackOne(deps: CountersDeps, key: Item): Promise<void> {
  await tryUpdate(deps, uncountOne(deps.dataTable, key));
}

async function tryUpdate(
  { dynamo }: CountersDeps,
  update: CounterUpdate,
): Promise<ConditionalCheckFailedException | undefined> {
  try {
    await sendDynamo(dynamo, new UpdateItemCommand(update));
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error;
    throw error;
  }
}
