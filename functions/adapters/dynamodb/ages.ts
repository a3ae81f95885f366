import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Acting } from '../../core/audit/act.ts';
import type { AgeFacts } from '../../core/consents/minors.ts';
import type { Sub } from '../../core/ids.ts';
import type { Ages } from '../../core/ports/ages.ts';
import type { Keyring } from '../crypto/keyring.ts';
import {
  accountKey,
  dataKeyKey,
  decodeAccount,
  decodeDataKey,
  encryptProfileAttribute,
} from './account-items.ts';
import { actAttribute, actOf } from './acts.ts';
import { getBatch } from './batch-get.ts';
import { isWritten } from './conditional-writes.ts';
import { sendDynamo } from './send.ts';

interface AgesDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly keyTable: string;
  readonly loadKeyring: () => Promise<Keyring<'data-key-wrapping'>>;
}

/** On the account, encrypted under the person's key as the address is. */
export function createAges(deps: AgesDeps): Ages {
  return {
    find: async (sub) => (await open(deps, sub))?.known,

    async tell(sub, facts, acting) {
      const opened = await open(deps, sub);
      if (opened === undefined) return undefined;
      if (opened.known !== undefined) return opened.known;
      if (await write(deps, { sub, facts, dataKey: opened.dataKey, acting })) return facts;
      // Told at the same time by another device, or the account is no longer active.
      return (await open(deps, sub))?.known;
    },
  };
}

async function open({ dynamo, dataTable, keyTable, loadKeyring }: AgesDeps, sub: Sub) {
  const found = await getBatch(dynamo, {
    [dataTable]: { Keys: [accountKey(sub)], ConsistentRead: true },
    [keyTable]: { Keys: [dataKeyKey(sub)], ConsistentRead: true },
  });
  const [account] = found.get(dataTable) ?? [];
  const [wrapped] = found.get(keyTable) ?? [];
  if (account === undefined || wrapped === undefined) return undefined;
  const dataKey = decodeDataKey(await loadKeyring(), sub, wrapped);
  const { birthdate, country } = decodeAccount(sub, account, dataKey).attributes;
  const known =
    birthdate === undefined || country === undefined ? undefined : { birthdate, country };
  return { dataKey, known };
}

interface Telling {
  readonly sub: Sub;
  readonly facts: AgeFacts;
  readonly dataKey: Uint8Array;
  readonly acting: Acting;
}

/** False when something was told before, or the account is not active. */
async function write(
  { dynamo, dataTable }: AgesDeps,
  { sub, facts, dataKey, acting }: Telling,
): Promise<boolean> {
  const act = actOf(acting, { kind: 'preferences.changed', sub, object: 'birthdate' });
  const update = new UpdateItemCommand({
    TableName: dataTable,
    Key: accountKey(sub),
    ConditionExpression: '#status = :active AND attribute_not_exists(#attributes.birthdate)',
    UpdateExpression:
      'SET #attributes.birthdate = :birthdate, #attributes.#country = :country, updatedAt = :now, act = :act',
    ExpressionAttributeNames: {
      '#status': 'status',
      '#attributes': 'attributes',
      '#country': 'country',
    },
    ExpressionAttributeValues: {
      ...marshall({
        ':active': 'active',
        ':birthdate': encryptProfileAttribute(dataKey, sub, 'birthdate', facts.birthdate),
        ':country': encryptProfileAttribute(dataKey, sub, 'country', facts.country),
        ':now': acting.at,
      }),
      ':act': actAttribute(act),
    },
  });
  return isWritten(sendDynamo(dynamo, update));
}
