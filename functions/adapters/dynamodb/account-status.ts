import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { AccountStatus } from '../../core/account.ts';
import type { Act } from '../../core/audit/act.ts';
import type { Sub } from '../../core/ids.ts';
import type { SignInRecord } from '../../core/ports/accounts.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import type { EpochSeconds } from '../../core/time.ts';
import { accountKey, type Item } from './account-items.ts';
import { actAttribute } from './acts.ts';

interface Change {
  readonly sub: Sub;
  readonly requestId: PrivacyRequestId;
  readonly now: EpochSeconds;
  readonly act: Act;
}

/** To be erased at `erasesAt`. While it is `active` alone: two requests of one moment are one. */
export function beginErasing(
  dataTable: string,
  { sub, requestId, now, act }: Change,
  erasesAt: EpochSeconds,
): TransactWriteItem {
  return change(dataTable, sub, {
    to: 'erasing',
    condition: '#status = :active',
    set: 'erasure = :erasure',
    values: {
      ':active': { S: 'active' },
      ':erasure': { M: { requestId: { S: requestId }, erasesAt: { N: String(erasesAt) } } },
    },
    now,
    act,
  });
}

/** Which request an account is being erased by; empty for all others. */
export function decodeErasure(account: Item): Pick<SignInRecord, 'erasure'> {
  const erasure = account['erasure']?.M;
  if (erasure === undefined) return {};
  return {
    erasure: {
      requestId: (erasure['requestId']?.S ?? '') as PrivacyRequestId,
      erasesAt: Number(erasure['erasesAt']?.N) as EpochSeconds,
    },
  };
}

/** The person stays. Only of this very request, and only before `close`. */
export function keep(dataTable: string, { sub, requestId, now, act }: Change): TransactWriteItem {
  return change(dataTable, sub, {
    to: 'active',
    condition: '#status = :erasing AND erasure.requestId = :request',
    remove: 'erasure',
    values: { ':erasing': { S: 'erasing' }, ':request': { S: requestId } },
    now,
    act,
  });
}

/** Beyond return. Unless a hold stands: this and `countHold` decide by the same item. */
export function close(dataTable: string, { sub, requestId, now, act }: Change): TransactWriteItem {
  return change(dataTable, sub, {
    to: 'closed',
    condition:
      '#status = :erasing AND erasure.requestId = :request' +
      ' AND (attribute_not_exists(holds) OR holds = :none)',
    values: {
      ':erasing': { S: 'erasing' },
      ':request': { S: requestId },
      ':none': { N: '0' },
    },
    now,
    act,
  });
}

/** The act of a request's end that the account knows nothing of; fails once it does. */
export function tellOfStranded(
  dataTable: string,
  { sub, requestId, act }: Omit<Change, 'now'>,
): TransactWriteItem {
  return {
    Update: {
      TableName: dataTable,
      Key: accountKey(sub),
      ConditionExpression:
        'attribute_exists(pk) AND' +
        ' (attribute_not_exists(erasure) OR erasure.requestId <> :request)',
      UpdateExpression: 'SET act = :act',
      ExpressionAttributeValues: { ':request': { S: requestId }, ':act': actAttribute(act) },
    },
  };
}

/** One hold more, or less. Never of an account that is closed: what is being erased cannot be kept. */
export function countHold(
  dataTable: string,
  sub: Sub,
  { change: by, act }: { readonly change: 1 | -1; readonly act: Act },
): TransactWriteItem {
  return {
    Update: {
      TableName: dataTable,
      Key: accountKey(sub),
      ConditionExpression: 'attribute_exists(pk) AND #status <> :closed',
      UpdateExpression: 'ADD holds :change SET act = :act',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ':closed': { S: 'closed' },
        ':change': { N: String(by) },
        ':act': actAttribute(act),
      },
    },
  };
}

interface StatusChange {
  readonly to: AccountStatus;
  readonly condition: string;
  readonly set?: string;
  readonly remove?: string;
  readonly values: Readonly<Record<string, AttributeValue>>;
  readonly now: EpochSeconds;
  readonly act: Act;
}

function change(dataTable: string, sub: Sub, wanted: StatusChange): TransactWriteItem {
  const { to, condition, set, remove, values, now, act } = wanted;
  const sets = [
    '#status = :to',
    'updatedAt = :now',
    'act = :act',
    ...(set === undefined ? [] : [set]),
  ];
  return {
    Update: {
      TableName: dataTable,
      Key: accountKey(sub),
      ConditionExpression: condition,
      UpdateExpression: `SET ${sets.join(', ')}${remove === undefined ? '' : ` REMOVE ${remove}`}`,
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
        ...values,
        ':to': { S: to },
        ':now': { N: String(now) },
        ':act': actAttribute(act),
      },
    },
  };
}
