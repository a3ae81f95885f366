import { randomBytes } from 'node:crypto';
import {
  type AttributeValue,
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

type StoredItem = Readonly<Record<string, AttributeValue>>;

export interface KeyringDeps {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly directoryTable: string;
  readonly keyringKeyArn: string;
}

/**
 * Creates the deployment's keyring unless there is one. A second keyring would orphan every
 * account, so the write is conditional and the loser of a race keeps the winner's. Throws
 * ForeignKeyringError when the one that is there was wrapped by another KMS key: no function could
 * open it.
 */
export async function ensureKeyring(deps: KeyringDeps): Promise<'created' | 'kept'> {
  const stored = await findKeyring(deps);
  if (stored !== undefined) return keep(deps, stored);
  const wrapped = await wrapNewKeyring(deps);
  try {
    await sendDynamo(
      deps.dynamo,
      new PutItemCommand({
        TableName: deps.directoryTable,
        Item: {
          ...KEY,
          v: { N: '1' },
          version: { N: String(VERSION) },
          keyArn: { S: deps.keyringKeyArn },
          wrapped: { B: wrapped },
        },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'created';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return keep(deps, error.Item ?? {});
    throw error;
  }
}

/** The keyring that is there is not this deployment's, as after a restore or a lost key. */
export class ForeignKeyringError extends Error {
  constructor(wrappedBy: string, configured: string) {
    super(
      `the keyring in the directory was wrapped by ${wrappedBy}, but this deployment is configured ` +
        `with ${configured}: see "The keyring" in docs/runbook.md`,
    );
    this.name = 'ForeignKeyringError';
  }
}

function keep({ keyringKeyArn }: KeyringDeps, stored: StoredItem): 'kept' {
  const wrappedBy = stored['keyArn']?.S ?? 'an unknown key';
  if (wrappedBy !== keyringKeyArn) throw new ForeignKeyringError(wrappedBy, keyringKeyArn);
  return 'kept';
}

async function findKeyring({ dynamo, directoryTable }: KeyringDeps) {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({ TableName: directoryTable, Key: KEY, ConsistentRead: true }),
  );
  return item;
}

async function wrapNewKeyring({ kms, keyringKeyArn }: KeyringDeps): Promise<Uint8Array> {
  const { CiphertextBlob: wrapped } = await callAws('KMS', () =>
    kms.send(
      new EncryptCommand({
        KeyId: keyringKeyArn,
        Plaintext: Buffer.from(JSON.stringify(generateKeyring())),
        EncryptionContext: KEYRING_CONTEXT,
      }),
    ),
  );
  if (wrapped === undefined) throw new Error('KMS returned no wrapped keyring');
  return wrapped;
}

/** As `parseKeyring` reads it. */
function generateKeyring(): object {
  const keys = KEY_NAMES.map((name) => [name, randomBytes(KEY_BYTES).toString('base64url')]);
  return { current: VERSION, versions: { [VERSION]: Object.fromEntries(keys) } };
}
