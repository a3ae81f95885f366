import {
  type DynamoDBClient,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { cancellationCodes, sendDynamo } from './send.ts';

/** Undefined on success, else the index of the first item whose condition failed. */
export async function transact(
  dynamo: DynamoDBClient,
  items: ReadonlyArray<TransactWriteItem>,
): Promise<number | undefined> {
  try {
    await sendDynamo(dynamo, new TransactWriteItemsCommand({ TransactItems: [...items] }));
    return undefined;
  } catch (error) {
    const failed = cancellationCodes(error).indexOf('ConditionalCheckFailed');
    if (failed === -1) throw error;
    return failed;
  }
}
