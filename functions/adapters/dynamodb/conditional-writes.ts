import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** False when the condition of a write failed, which is an answer. */
export async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
