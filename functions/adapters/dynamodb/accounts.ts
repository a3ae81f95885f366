import {
  type DynamoDBClient,
  QueryCommand,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import type { Account } from '../../core/account.ts';
import type { Act } from '../../core/audit/act.ts';
import type { Sub } from '../../core/ids.ts';
import type { Accounts } from '../../core/ports/accounts.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { accountKey, findLabelKey, type Item, userPartition } from './account-items.ts';
import { decodeErasure } from './account-status.ts';
import { actAttribute } from './acts.ts';
import { decodeChoices, PRIVACY_SORT_KEY } from './privacy-choice-items.ts';
import { sendDynamo } from './send.ts';

interface AccountsDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

/** Account and credentials share the prefix `ACCOUNT`, so that sign-in is one query. */
export function createAccounts(deps: AccountsDeps): Accounts {
  return {
    async findForSignIn(sub) {
      const { Items: items = [] } = await sendDynamo(
        deps.dynamo,
        new QueryCommand({
          TableName: deps.dataTable,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :account)',
          ExpressionAttributeValues: {
            ':pk': { S: userPartition(sub) },
            ':account': { S: 'ACCOUNT' },
          },
        }),
      );
      const account = items.find((item) => item['sk']?.S === 'ACCOUNT');
      if (account === undefined) return undefined;
      const status = account['status']?.S as Account['status'];
      const erasure = decodeErasure(account);
      const password = items.find((item) => item['sk']?.S === 'ACCOUNT#PASSWORD');
      const phc = password?.['phc']?.S;
      const choices = decodeChoices(items.find((item) => item['sk']?.S === PRIVACY_SORT_KEY));
      const labelKey = findLabelKey(account);
      const isHeld = Number(account['holds']?.N ?? 0) > 0;
      const record = {
        ...{ sub, status, ...erasure, choices },
        ...(isHeld && { isHeld }),
        ...(labelKey !== undefined && { labelKey }),
      };
      if (phc === undefined) return record;
      const changedAt = Number(password?.['changedAt']?.N) as EpochSeconds;
      return { ...record, passwordHash: phc, passwordChangedAt: changedAt };
    },
  };
}

/** The first password of an account. */
export function putPassword(
  dataTable: string,
  sub: Sub,
  passwordHash: string,
  now: EpochSeconds,
): TransactWriteItem {
  return {
    Put: {
      TableName: dataTable,
      Item: {
        ...passwordKey(sub),
        v: { N: '1' },
        phc: { S: passwordHash },
        changedAt: { N: String(now) },
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

/** A new password. With `expected`, only while the stored hash is still that one. */
export function replacePassword(
  dataTable: string,
  sub: Sub,
  change: { newHash: string; expected?: string; now: EpochSeconds; act: Act },
): TransactWriteItem {
  const { newHash, expected, now, act } = change;
  return {
    Update: {
      TableName: dataTable,
      Key: passwordKey(sub),
      ConditionExpression: expected === undefined ? 'attribute_exists(pk)' : 'phc = :expected',
      UpdateExpression: 'SET phc = :phc, changedAt = :now, act = :act',
      ExpressionAttributeValues: {
        ':phc': { S: newHash },
        ':now': { N: String(now) },
        ':act': actAttribute(act),
        ...(expected !== undefined && { ':expected': { S: expected } }),
      },
    },
  };
}

/** The same password, hashed anew: `changedAt` stays. */
export function renewHash(
  dataTable: string,
  sub: Sub,
  { newHash, expected }: { newHash: string; expected: string },
): TransactWriteItem {
  return {
    Update: {
      TableName: dataTable,
      Key: passwordKey(sub),
      ConditionExpression: 'phc = :expected',
      UpdateExpression: 'SET phc = :phc REMOVE act',
      ExpressionAttributeValues: { ':phc': { S: newHash }, ':expected': { S: expected } },
    },
  };
}

/** Holds a transaction to the hash that was verified. */
export function requirePassword(
  dataTable: string,
  sub: Sub,
  verifiedHash: string,
): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: dataTable,
      Key: passwordKey(sub),
      ConditionExpression: 'phc = :verified',
      ExpressionAttributeValues: { ':verified': { S: verifiedHash } },
    },
  };
}

/** Holds a transaction to an account that may be signed in to. */
export function requireActive(dataTable: string, sub: Sub): TransactWriteItem {
  return {
    ConditionCheck: {
      TableName: dataTable,
      Key: accountKey(sub),
      ConditionExpression: '#status = :active',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':active': { S: 'active' } },
    },
  };
}

function passwordKey(sub: Sub): Item {
  return { pk: { S: userPartition(sub) }, sk: { S: 'ACCOUNT#PASSWORD' } };
}
