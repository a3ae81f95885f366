import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { InvariantError } from '../../core/errors.ts';
import type { Sub } from '../../core/ids.ts';
import type { LastOwner } from '../../core/ports/erasure-requests.ts';
import type { PrivacyRequestId } from '../../core/ports/privacy-requests.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { decryptAttribute, encryptAttribute, newDataKey } from '../crypto/person-cipher.ts';
import { decodeDataKey, encodeDataKey, type Item } from './account-items.ts';
import { sendDynamo } from './send.ts';

export interface LastOwnerDeps {
  readonly dynamo: DynamoDBClient;
  readonly keyTable: string;
  readonly loadKeyring: () => Promise<Keyring<'data-key-wrapping'>>;
}

/** Whose last mail it is. */
export interface LastMail {
  readonly requestId: PrivacyRequestId;
  readonly sub: Sub;
}

/**
 * The address under a key of its own, which lies where people's keys do: once it is deleted, after
 * the last mail, no backup of the records gives the address away for longer than a day.
 */
export async function sealLastOwner(
  deps: LastOwnerDeps,
  mail: LastMail,
  owner: LastOwner,
): Promise<Uint8Array> {
  const { dynamo, keyTable } = deps;
  const keyring = await deps.loadKeyring();
  const dataKey = newDataKey();
  const item: Item = { ...encodeDataKey(keyring, mail.sub, dataKey), ...lastKey(mail.requestId) };
  try {
    await sendDynamo(
      dynamo,
      new PutItemCommand({
        TableName: keyTable,
        Item: item,
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return encrypt(dataKey, mail.sub, owner);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // An earlier attempt made it, and may have sealed with it.
    const made = await findKey(deps, mail);
    if (made === undefined) throw new InvariantError('the key of the last mail is gone');
    return encrypt(made, mail.sub, owner);
  }
}

/** Undefined once its key is deleted. */
export async function openLastOwner(
  deps: LastOwnerDeps,
  mail: LastMail,
  sealed: Uint8Array,
): Promise<LastOwner | undefined> {
  const dataKey = await findKey(deps, mail);
  if (dataKey === undefined) return undefined;
  return JSON.parse(decryptAttribute(dataKey, bindingOf(mail.sub), sealed));
}

/** Idempotent. */
export async function deleteLastKey(
  { dynamo, keyTable }: LastOwnerDeps,
  requestId: PrivacyRequestId,
): Promise<void> {
  const command = new DeleteItemCommand({ TableName: keyTable, Key: lastKey(requestId) });
  await sendDynamo(dynamo, command);
}

async function findKey(
  deps: LastOwnerDeps,
  { requestId, sub }: LastMail,
): Promise<Uint8Array | undefined> {
  const { Item: item } = await sendDynamo(
    deps.dynamo,
    new GetItemCommand({
      TableName: deps.keyTable,
      Key: lastKey(requestId),
      ConsistentRead: true,
    }),
  );
  return item === undefined ? undefined : decodeDataKey(await deps.loadKeyring(), sub, item);
}

function encrypt(dataKey: Uint8Array, sub: Sub, owner: LastOwner): Uint8Array {
  return encryptAttribute(dataKey, bindingOf(sub), JSON.stringify(owner));
}

/** In the key table. */
function lastKey(requestId: PrivacyRequestId): Item {
  return { pk: { S: `REQUEST#${requestId}` }, sk: { S: 'KEY' } };
}

function bindingOf(sub: Sub) {
  return { sub, name: 'last-owner', version: 1 };
}
