import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { anonymiseChoice } from '../../core/erasure/anonymised-choice.ts';
import type { IdentifierHash, Sub } from '../../core/ids.ts';
import type { PersonCollection } from '../../core/ports/erasures.ts';
import { deriveKey, hmacIdentifier } from '../crypto/hash.ts';
import { accountKey, type Item, userPartition } from './account-items.ts';
import { writeBatches } from './batch-write.ts';
import { findPersonEntity, PERSON_ENTITIES } from './person-items.ts';
import { sendDynamo } from './send.ts';

/** Read and deleted at a time: what a page holds in memory, below a megabyte mostly. */
const PAGE_ITEMS = 250;
/** By one run of the state: 100 batches, far below the function's timeout. */
const MAX_PAGES = 10;

interface CollectionDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
  readonly recordsTable: string;
  /** What becomes of entities that are erased by policy. */
  readonly byPolicy: 'delete' | 'anonymise';
}

export function createPersonCollection(deps: CollectionDeps): PersonCollection {
  return {
    findIdentifier: (sub) => findIdentifier(deps, sub),

    async count(sub) {
      const counts: Record<string, number> = {};
      let cursor: Item | undefined;
      do {
        const page = await queryPage(deps, sub, { cursor, keysAlone: true });
        for (const item of page.items) {
          const name = nameOf(item);
          counts[name] = (counts[name] ?? 0) + 1;
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
      return counts;
    },

    // Always from the start: what was deleted is not met again, and what came late is.
    async deleteSome(sub, salt) {
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const keysAlone = deps.byPolicy === 'delete';
        const { items, cursor } = await queryPage(deps, sub, { limit: PAGE_ITEMS, keysAlone });
        if (items.length === 0 && cursor === undefined) return true;
        if (!keysAlone) await keepAnonymously(deps, items.filter(isByPolicy), salt);
        await deleteItems(deps, items);
      }
      return false;
    },
  };
}

/** Undefined when the account is gone. */
export async function findIdentifier(
  { dynamo, dataTable }: Pick<CollectionDeps, 'dynamo' | 'dataTable'>,
  sub: Sub,
): Promise<IdentifierHash | undefined> {
  const get = new GetItemCommand({
    TableName: dataTable,
    Key: accountKey(sub),
    ConsistentRead: true,
    ProjectionExpression: 'identifier',
  });
  const { Item: account } = await sendDynamo(dynamo, get);
  return account?.['identifier']?.S as IdentifierHash | undefined;
}

/** Every item that has the person's id in front, in this table or a restored one. */
export async function deleteItems(
  { dynamo, dataTable }: Pick<CollectionDeps, 'dynamo' | 'dataTable'>,
  items: ReadonlyArray<Item>,
): Promise<void> {
  const requests = items.flatMap(({ pk, sk }) =>
    pk === undefined || sk === undefined ? [] : [{ DeleteRequest: { Key: { pk, sk } } }],
  );
  await writeBatches(dynamo, dataTable, requests);
}

interface Page {
  readonly cursor?: Item | undefined;
  readonly limit?: number;
  readonly keysAlone: boolean;
}

/** Consistent: what was written a moment ago has to go, too. */
export async function queryPage(
  { dynamo, dataTable }: Pick<CollectionDeps, 'dynamo' | 'dataTable'>,
  sub: Sub,
  { cursor, limit, keysAlone }: Page,
): Promise<{ readonly items: ReadonlyArray<Item>; readonly cursor?: Item }> {
  const page = await sendDynamo(
    dynamo,
    new QueryCommand({
      TableName: dataTable,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: userPartition(sub) } },
      ...(keysAlone && { ProjectionExpression: 'pk, sk' }),
      ...(limit !== undefined && { Limit: limit }),
      ...(cursor !== undefined && { ExclusiveStartKey: cursor }),
    }),
  );
  return {
    items: page.Items ?? [],
    ...(page.LastEvaluatedKey !== undefined && { cursor: page.LastEvaluatedKey }),
  };
}

/** Copies whose ids follow from a salt that is forgotten: they lead back to nobody. */
async function keepAnonymously(
  { dynamo, recordsTable }: CollectionDeps,
  items: ReadonlyArray<Item>,
  salt: string,
): Promise<void> {
  const key = deriveKey(Buffer.from(salt), 'anonymous');
  const copies = items.map((item) => {
    const sortKey = item['sk']?.S ?? '';
    const [, at = ''] = sortKey.split('#');
    const id = hmacIdentifier(key, 'copy', sortKey);
    return {
      PutRequest: {
        Item: {
          pk: { S: `ANONYMOUS#${id}` },
          sk: { S: 'ANONYMOUS' },
          v: { N: '1' },
          ...marshall(anonymiseChoice(unmarshall(item), at)),
        },
      },
    };
  });
  await writeBatches(dynamo, recordsTable, copies);
}

/** What nobody has entered goes all the same, and is counted by what its key begins with. */
function nameOf(item: Item): string {
  const sortKey = item['sk']?.S ?? '';
  return findPersonEntity(sortKey) ?? sortKey.split('#')[0] ?? '';
}

function isByPolicy(item: Item): boolean {
  const name = findPersonEntity(item['sk']?.S ?? '');
  return name !== undefined && PERSON_ENTITIES[name].erasure === 'by-policy';
}
