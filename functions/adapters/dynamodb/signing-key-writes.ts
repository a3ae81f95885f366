import type { ConditionCheck, Put, TransactWriteItem, Update } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import type { KeyMove, Rotation } from '../../core/key-rotation.ts';
import type { SigningKey } from '../../core/signing-key.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { actAttribute, actOf } from './acts.ts';
import {
  encodeRotation,
  encodeSigningKey,
  ROTATION_KEY,
  signingKeyKey,
} from './signing-key-items.ts';

const IS_RUNNING = 'executionId = :own AND attribute_not_exists(finishedAt)';

/** Takes the lock from what was recorded when it was decided that it may be taken. */
export function putLock(
  table: string,
  lock: Rotation,
  recorded: Rotation | undefined,
): Put & { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } {
  const put = { TableName: table, Item: encodeRotation(lock) };
  const answer = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  return recorded === undefined
    ? { ...put, ConditionExpression: 'attribute_not_exists(pk)', ...answer }
    : {
        ...put,
        ConditionExpression: 'executionId = :recorded',
        ExpressionAttributeValues: { ':recorded': { S: recorded.executionId } },
        ...answer,
      };
}

export function checkLock(
  table: string,
  executionId: string,
): { readonly ConditionCheck: ConditionCheck } {
  return {
    ConditionCheck: {
      TableName: table,
      Key: ROTATION_KEY,
      ConditionExpression: IS_RUNNING,
      ExpressionAttributeValues: { ':own': { S: executionId } },
    },
  };
}

/** `null` takes an attribute away. */
export function updateLock(
  table: string,
  executionId: string,
  changes: Readonly<Record<string, string | number | boolean | null>>,
): Update {
  const entries = Object.entries(changes);
  const set = entries.filter(([, value]) => value !== null);
  const gone = entries.filter(([, value]) => value === null);
  return {
    TableName: table,
    Key: ROTATION_KEY,
    ConditionExpression: IS_RUNNING,
    UpdateExpression: [
      `SET ${set.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ...(gone.length > 0 ? [`REMOVE ${gone.map(([name]) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: marshall({
      ':own': executionId,
      ...Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
    }),
  };
}

export function putKey(table: string, key: SigningKey, acting: Acting): TransactWriteItem {
  return {
    Put: {
      TableName: table,
      Item: { ...encodeSigningKey(key), act: actOn(key.kid, `to ${key.state}`, acting) },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

export function moveKey(table: string, move: KeyMove, acting: Acting): TransactWriteItem {
  const { from, to, isRevoked } = move;
  const now = acting.at;
  return {
    Update: {
      TableName: table,
      Key: signingKeyKey(move.kid),
      ConditionExpression: '#state = :from',
      UpdateExpression: `SET #state = :to, since = :now, act = :act${isRevoked ? ', isRevoked = :revoked' : ''}`,
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ...marshall({
          ...{ ':from': from, ':to': to, ':now': now },
          ...(isRevoked && { ':revoked': isRevoked }),
        }),
        ':act': actOn(move.kid, `from ${from} to ${to}`, acting),
      },
    },
  };
}

export function noteDeletion(table: string, kid: string, now: EpochSeconds): TransactWriteItem {
  return {
    Update: {
      TableName: table,
      Key: signingKeyKey(kid),
      ConditionExpression: '#state = :gone',
      UpdateExpression: 'SET deletionScheduledAt = :now REMOVE act',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: marshall({ ':gone': 'gone', ':now': now }),
    },
  };
}

function actOn(kid: string, reason: string, acting: Acting) {
  return actAttribute(actOf({ ...acting, reason }, { kind: 'keys.moved', object: kid }));
}
