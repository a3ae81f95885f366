import { type DynamoDBClient, type Put, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import { addSeconds } from '../../core/time.ts';
import type { Item } from './account-items.ts';
import { actAttribute } from './acts.ts';
import { sendDynamo } from './send.ts';

/** The stream has told of it at once. */
const LINGERING_SECONDS = 86_400;

/** For acts that write nothing else, and concern somebody whose collection may be gone. */
export function createActLog({
  dynamo,
  dataTable,
}: {
  readonly dynamo: DynamoDBClient;
  readonly dataTable: string;
}): (act: Act) => Promise<void> {
  return async (act) => {
    await sendDynamo(dynamo, new PutItemCommand(logAct(dataTable, act).Put));
  };
}

/** As part of a transaction: the act is on record if the rest of it was done, and only then. */
export function logAct(dataTable: string, act: Act): { readonly Put: Put & { Item: Item } } {
  return {
    Put: {
      TableName: dataTable,
      Item: {
        pk: { S: `ACT#${act.id}` },
        sk: { S: 'ACT' },
        v: { N: '1' },
        act: actAttribute(act),
        expiresAt: { N: String(addSeconds(act.at, LINGERING_SECONDS)) },
      },
    },
  };
}
