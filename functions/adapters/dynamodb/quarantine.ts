import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { IdentifierHash, Sub } from '../../core/ids.ts';
import type { Quarantine } from '../../core/ports/erasures.ts';
import type { EpochSeconds } from '../../core/time.ts';
import type { Item } from './account-items.ts';
import { findQuarantineEnd, identifierKey, subKey } from './identifier-items.ts';
import { sendDynamo } from './send.ts';

interface QuarantineDeps {
  readonly dynamo: DynamoDBClient;
  /** Of the primary region, where alone identifiers are claimed; absent there. */
  readonly primary: DynamoDBClient | undefined;
  readonly directoryTable: string;
  readonly dataTable: string;
}

type Begun = Parameters<Quarantine['begin']>[0];

export function createQuarantine(deps: QuarantineDeps): Quarantine {
  return {
    async begin(begun) {
      const { sub, identifiers } = begun;
      const found = [];
      for (const identifier of identifiers) found.push(await rest(deps, identifier, begun));
      const [current] = identifiers;
      // A claim that was never confirmed may have been given back when the account was gone.
      if (current !== undefined && !found.includes(true)) await putResting(deps, current, begun);
      await removeHome(deps, sub);
    },

    async removePointers(sub, identifiers) {
      for (const identifier of identifiers) await removePointer(deps, identifier, sub);
    },

    async release({ identifiers, until }) {
      for (const identifier of identifiers) await releaseOne(deps, identifier, until);
    },
  };
}

/** True when the entry was the person's, or has been made to rest before. */
async function rest(
  deps: QuarantineDeps,
  identifier: IdentifierHash,
  { sub, until }: Begun,
): Promise<boolean> {
  const update = new UpdateItemCommand({
    TableName: deps.directoryTable,
    Key: identifierKey(identifier),
    ConditionExpression: '#sub = :sub',
    // Should the workflow never come back, the table's own housekeeping lets go of it.
    UpdateExpression:
      'SET quarantinedUntil = :until, expiresAt = :until REMOVE #sub, pendingUntil, createdAt, act',
    ExpressionAttributeNames: { '#sub': 'sub' },
    ExpressionAttributeValues: { ':sub': { S: sub }, ':until': { N: String(until) } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  const refused = await orRefused(sendDynamo(directoryOf(deps), update));
  if (refused === undefined) return true;
  return refused.Item !== undefined && findQuarantineEnd(refused.Item) === until;
}

async function putResting(
  deps: QuarantineDeps,
  identifier: IdentifierHash,
  { cell, until }: Begun,
): Promise<void> {
  const put = new PutItemCommand({
    TableName: deps.directoryTable,
    Item: {
      ...identifierKey(identifier),
      v: { N: '1' },
      cell: { S: cell },
      quarantinedUntil: { N: String(until) },
      expiresAt: { N: String(until) },
    },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
  await orRefused(sendDynamo(directoryOf(deps), put));
}

async function removeHome(deps: QuarantineDeps, sub: Sub): Promise<void> {
  const remove = new DeleteItemCommand({ TableName: deps.directoryTable, Key: subKey(sub) });
  await sendDynamo(directoryOf(deps), remove);
}

async function removePointer(
  { dynamo, dataTable }: QuarantineDeps,
  identifier: IdentifierHash,
  sub: Sub,
): Promise<void> {
  await orRefused(sendDynamo(dynamo, deletePointer(dataTable, identifier, sub)));
}

/** In the data table, or a restored copy of it; of that person alone. */
export function deletePointer(
  dataTable: string,
  identifier: IdentifierHash,
  sub: Sub,
): DeleteItemCommand {
  return new DeleteItemCommand({
    TableName: dataTable,
    Key: identifierKey(identifier),
    ConditionExpression: '#sub = :sub',
    ExpressionAttributeNames: { '#sub': 'sub' },
    ExpressionAttributeValues: { ':sub': { S: sub } },
  });
}

/** Somebody may have claimed it since: what they have is theirs. */
async function releaseOne(
  deps: QuarantineDeps,
  identifier: IdentifierHash,
  until: EpochSeconds,
): Promise<void> {
  const remove = new DeleteItemCommand({
    TableName: deps.directoryTable,
    Key: identifierKey(identifier),
    ConditionExpression: 'quarantinedUntil = :until',
    ExpressionAttributeValues: { ':until': { N: String(until) } },
  });
  await orRefused(sendDynamo(directoryOf(deps), remove));
}

/** The refusal of a condition is an answer, and tells what was found instead. */
export async function orRefused(
  write: Promise<unknown>,
): Promise<{ readonly Item: Item | undefined } | undefined> {
  try {
    await write;
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { Item: error.Item };
    throw error;
  }
}

function directoryOf({ dynamo, primary }: QuarantineDeps): DynamoDBClient {
  return primary ?? dynamo;
}
