import { randomBytes } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EncryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { callAws } from '../adapters/aws-errors.ts';
import { KEY_NAMES, KEYRING_CONTEXT } from '../adapters/crypto/keyring.ts';
import { sendDynamo } from '../adapters/dynamodb/send.ts';

const KEY = { pk: { S: 'KEYRING' }, sk: { S: 'KEYRING' } };
const VERSION = 1;
const KEY_BYTES = 32;

export interface KeyringDeps {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly directoryTable: string;
  readonly keyringKeyArn: string;
}

/**
 * Creates the deployment's keyring unless there is one. A second keyring would orphan every
 * account, so the write is conditional and the loser of a race keeps the winner's.
 */
export async function ensureKeyring(deps: KeyringDeps): Promise<'created' | 'kept'> {
  if (await hasKeyring(deps)) return 'kept';
  const { CiphertextBlob: wrapped } = await callAws('KMS', () =>
    deps.kms.send(
      new EncryptCommand({
        KeyId: deps.keyringKeyArn,
        Plaintext: Buffer.from(JSON.stringify(generateKeyring())),
        EncryptionContext: KEYRING_CONTEXT,
      }),
    ),
  );
  if (wrapped === undefined) throw new Error('KMS returned no wrapped keyring');
  try {
    await sendDynamo(
      deps.dynamo,
      new PutItemCommand({
        TableName: deps.directoryTable,
        Item: { ...KEY, v: { N: '1' }, version: { N: String(VERSION) }, wrapped: { B: wrapped } },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return 'created';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return 'kept';
    throw error;
  }
}

async function hasKeyring({ dynamo, directoryTable }: KeyringDeps): Promise<boolean> {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({ TableName: directoryTable, Key: KEY, ConsistentRead: true }),
  );
  return item !== undefined;
}

function generateKeyring(): { version: number; keys: Record<string, string> } {
  return {
    version: VERSION,
    keys: Object.fromEntries(
      KEY_NAMES.map((name) => [name, randomBytes(KEY_BYTES).toString('base64url')]),
    ),
  };
}
