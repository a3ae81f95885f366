import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { createKeyrings } from '../../functions/adapters/crypto/keyring-loader.ts';
import {
  dataKeyKey,
  decodeDataKey,
  encodeDataKey,
  findLabelKey,
  type Item,
  userPartition,
} from '../../functions/adapters/dynamodb/account-items.ts';
import { identifierKey, subKey } from '../../functions/adapters/dynamodb/identifier-items.ts';
import type { IdentifierHash, Sub } from '../../functions/core/ids.ts';
import type { TestCloud } from '../harness/cloud.ts';

/** Sessions and grants stay behind: they are sealed for browsers and apps by the old home's keys. */
const MOVED = /^(ACCOUNT|CONSENT#)/;

export interface Move {
  readonly sub: Sub;
  readonly identifier: IdentifierHash;
  readonly from: string;
  readonly to: string;
}

/**
 * What an operator with rights in both regions would do: the old home closes the account, which it
 * refuses for whoever is to be erased; the person's items and their wrapped anew data key, then the
 * directory, then the old home forgets them.
 */
export async function movePerson(cloud: TestCloud, move: Move): Promise<void> {
  const { sub, identifier } = move;
  const primary = operatorAt(cloud, Object.keys(cloud.cellUrls)[0] ?? '');
  const [from, to] = [operatorAt(cloud, move.from), operatorAt(cloud, move.to)];
  try {
    const items = await from.readPerson(sub);
    const pointer = pointerOf(move, items);
    await from.closeAccount(sub);
    for (const item of items.filter(({ sk }) => MOVED.test(sk?.S ?? ''))) await to.put(item);
    await to.putKey(sub, await from.readKey(sub));
    await to.put(pointer);
    for (const key of [identifierKey(identifier), subKey(sub)]) await primary.setHome(key, move.to);
    for (const item of [...items, pointer]) await from.forget(item);
    await from.forgetKey(sub);
  } finally {
    for (const operator of [primary, from, to]) operator.close();
  }
}

function operatorAt(cloud: TestCloud, cell: string) {
  const { endpoint, accessKeyId, secretAccessKey } = cloud.cloud.seed().aws;
  const credentials = { accessKeyId, secretAccessKey };
  const client = { endpoint, region: cloud.regions[cell] ?? '', credentials };
  const [dynamo, kms] = [new DynamoDBClient(client), new KMSClient(client)];
  const [directoryTable, dataTable] = ['domicile-directory', `domicile-data-${cell}`];
  const keyTable = `domicile-keys-${cell}`;
  const keyrings = createKeyrings({ dynamo, kms, cell, directoryTable, dataTable });
  const readPartition = async (table: string, sub: Sub): Promise<ReadonlyArray<Item>> => {
    const { Items = [] } = await dynamo.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: userPartition(sub) } },
      }),
    );
    return Items;
  };
  const remove = (table: string, key: Item) =>
    dynamo.send(new DeleteItemCommand({ TableName: table, Key: key }));
  return {
    readPerson: (sub: Sub) => readPartition(dataTable, sub),
    readKey: async (sub: Sub): Promise<Uint8Array> => {
      const [item = {}] = await readPartition(keyTable, sub);
      return decodeDataKey(await keyrings.loadCell(), sub, item);
    },
    put: (item: Item) => dynamo.send(new PutItemCommand({ TableName: dataTable, Item: item })),
    putKey: async (sub: Sub, dataKey: Uint8Array) => {
      const item = encodeDataKey(await keyrings.loadCell(), sub, dataKey);
      await dynamo.send(new PutItemCommand({ TableName: keyTable, Item: item }));
    },
    /** Nobody asks for an erasure here any more; refused where somebody has. */
    closeAccount: (sub: Sub) =>
      dynamo.send(
        new UpdateItemCommand({
          TableName: dataTable,
          Key: { pk: { S: userPartition(sub) }, sk: { S: 'ACCOUNT' } },
          UpdateExpression: 'SET #status = :closed',
          ConditionExpression: '#status = :active',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: { ':closed': { S: 'closed' }, ':active': { S: 'active' } },
        }),
      ),
    setHome: (key: Item, home: string) =>
      dynamo.send(
        new UpdateItemCommand({
          TableName: directoryTable,
          Key: key,
          UpdateExpression: 'SET cell = :home',
          ExpressionAttributeValues: { ':home': { S: home } },
          ConditionExpression: 'attribute_exists(pk)',
        }),
      ),
    forget: (item: Item) => remove(dataTable, keyOf(item)),
    forgetKey: (sub: Sub) => remove(keyTable, dataKeyKey(sub)),
    close: () => {
      dynamo.destroy();
      kms.destroy();
    },
  };
}

/** As sign-up would have written it there. */
function pointerOf({ identifier, sub }: Move, items: ReadonlyArray<Item>): Item {
  const labelKey = findLabelKey(items.find(({ sk }) => sk?.S === 'ACCOUNT') ?? {});
  return {
    ...{ ...identifierKey(identifier), v: { N: '1' }, sub: { S: sub } },
    ...(labelKey !== undefined && { labelKey: { S: labelKey } }),
  };
}

function keyOf({ pk, sk }: Item): Item {
  if (pk === undefined || sk === undefined) throw new Error('an item without a key');
  return { pk, sk };
}
