import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { Sub } from '../../core/ids.ts';
import { type Item, userPartition } from './account-items.ts';
import { sendDynamo } from './send.ts';

interface PersonQueriesDeps {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}

/** Those items of a person whose sort keys begin so: by pages of 1 MB at most, as of this moment. */
export async function* pagesOfPerson(
  { dynamo, dataTable }: PersonQueriesDeps,
  sub: Sub,
  prefix: string,
): AsyncGenerator<ReadonlyArray<Item>> {
  let cursor: Item | undefined;
  do {
    const page = await sendDynamo(
      dynamo,
      new QueryCommand({
        TableName: dataTable,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': { S: userPartition(sub) }, ':prefix': { S: prefix } },
        ...(cursor !== undefined && { ExclusiveStartKey: cursor }),
      }),
    );
    yield page.Items ?? [];
    cursor = page.LastEvaluatedKey;
  } while (cursor !== undefined);
}

/** The same, all at once: for entities of which a person has few. */
export async function itemsOfPerson(
  deps: PersonQueriesDeps,
  sub: Sub,
  prefix: string,
): Promise<ReadonlyArray<Item>> {
  const items: Array<Item> = [];
  for await (const page of pagesOfPerson(deps, sub, prefix)) items.push(...page);
  return items;
}
