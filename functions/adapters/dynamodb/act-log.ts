import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Act } from '../../core/audit/act.ts';
import { addSeconds } from '../../core/time.ts';
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
    await sendDynamo(
      dynamo,
      new PutItemCommand({
        TableName: dataTable,
        Item: {
          pk: { S: `ACT#${act.id}` },
          sk: { S: 'ACT' },
          v: { N: '1' },
          act: actAttribute(act),
          expiresAt: { N: String(addSeconds(act.at, LINGERING_SECONDS)) },
        },
      }),
    );
  };
}
