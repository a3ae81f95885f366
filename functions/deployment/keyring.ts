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
import type { KeyringContext } from '../adapters/crypto/keyring-loader.ts';
import { sendDynamo } from '../adapters/dynamodb/send.ts';

const VERSION = 1;
const KEY_BYTES = 32;

type StoredItem = Readonly<Record<string, AttributeValue>>;

/** A keyring as it should be. */
export interface NewKeyring {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly table: string;
  readonly key: Record<string, AttributeValue>;
  readonly names: ReadonlyArray<string>;
  /** Of the KMS key that wraps it. */
  readonly keyArn: string;
  readonly context: KeyringContext;
}

/**
 * Creates a keyring unless there is one. A second keyring would orphan every account, so the write
 * is conditional and the loser of a race keeps the winner's. Throws ForeignKeyringError when the
 * one that is there was wrapped by another KMS key: no function could open it.
 */
export async function ensureKeyring(wanted: NewKeyring): Promise<'created' | 'kept'> {
  const stored = await findKeyring(wanted);
  if (stored !== undefined) return keep(wanted, stored);
  const wrapped = await wrapNewKeyring(wanted);
  try {
    await sendDynamo(
      wanted.dynamo,
      new PutItemCommand({
        TableName: wanted.table,
        Item: {
          ...wanted.key,
          v: { N: '1' },
          version: { N: String(VERSION) },
          keyId: { S: keyIdOf(wanted.keyArn) },
          wrapped: { B: wrapped },
        },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return 'created';
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return keep(wanted, error.Item ?? {});
    throw error;
  }
}

/** `arn:aws:kms:eu-central-1:…:key/mrk-…` → `mrk-…`, which names its replicas as well. */
export function keyIdOf(keyArn: string): string {
  return keyArn.slice(keyArn.lastIndexOf('/') + 1);
}

/** The keyring that is there is not this deployment's, as after a restore or a lost key. */
export class ForeignKeyringError extends Error {
  constructor(wrappedBy: string, configured: string) {
    super(
      `the stored keyring was wrapped by ${wrappedBy}, but this deployment is configured with ` +
        `${configured}: see "The keyrings" in docs/runbook.md`,
    );
    this.name = 'ForeignKeyringError';
  }
}

function keep({ keyArn }: NewKeyring, stored: StoredItem): 'kept' {
  const wrappedBy = stored['keyId']?.S ?? 'an unknown key';
  const configured = keyIdOf(keyArn);
  if (wrappedBy !== configured) throw new ForeignKeyringError(wrappedBy, configured);
  return 'kept';
}

async function findKeyring({ dynamo, table, key }: NewKeyring) {
  const { Item: item } = await sendDynamo(
    dynamo,
    new GetItemCommand({ TableName: table, Key: key, ConsistentRead: true }),
  );
  return item;
}

async function wrapNewKeyring({ kms, keyArn, names, context }: NewKeyring): Promise<Uint8Array> {
  const { CiphertextBlob: wrapped } = await callAws('KMS', () =>
    kms.send(
      new EncryptCommand({
        KeyId: keyArn,
        Plaintext: Buffer.from(JSON.stringify(generateKeyring(names))),
        EncryptionContext: { ...context },
      }),
    ),
  );
  if (wrapped === undefined) throw new Error('KMS returned no wrapped keyring');
  return wrapped;
}

/** As the keyring's parser reads it. */
function generateKeyring(names: ReadonlyArray<string>): object {
  const keys = names.map((name) => [name, randomBytes(KEY_BYTES).toString('base64url')]);
  return { current: VERSION, versions: { [VERSION]: Object.fromEntries(keys) } };
}
