import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { callAws } from '../aws-errors.ts';
import { sendDynamo } from '../dynamodb/send.ts';

export const KEY_NAMES = [
  'identifier-pepper',
  'password-pepper',
  'sealing',
  'data-key-wrapping',
] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** The symmetric keys of a deployment, 256 bits each. */
export interface Keyring {
  readonly version: number;
  key(name: KeyName): Uint8Array;
}

/** Bound to the ciphertext (KMS encryption context), so that it opens for nothing else. */
export const KEYRING_CONTEXT = { 'domicile:purpose': 'keyring' } as const;

interface KeyringDeps {
  readonly dynamo: DynamoDBClient;
  readonly kms: KMSClient;
  readonly directoryTable: string;
  readonly keyringKeyArn: string;
}

/**
 * Opens the keyring once per container (one read, one kms:Decrypt); a failure is forgotten, so
 * that the next request tries again. Throws UnavailableError, or Error when none was provisioned.
 */
export function createKeyringLoader(deps: KeyringDeps): () => Promise<Keyring> {
  let opened: Promise<Keyring> | undefined;
  return () => {
    opened ??= openKeyring(deps).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

async function openKeyring(deps: KeyringDeps): Promise<Keyring> {
  const { Item: item } = await sendDynamo(
    deps.dynamo,
    new GetItemCommand({
      TableName: deps.directoryTable,
      Key: { pk: { S: 'KEYRING' }, sk: { S: 'KEYRING' } },
    }),
  );
  const wrapped = item?.['wrapped']?.B;
  if (wrapped === undefined) throw new Error('the keyring was not provisioned');
  const { Plaintext: plaintext } = await callAws('KMS', () =>
    deps.kms.send(
      new DecryptCommand({
        KeyId: deps.keyringKeyArn,
        CiphertextBlob: wrapped,
        EncryptionContext: KEYRING_CONTEXT,
      }),
    ),
  );
  if (plaintext === undefined) throw new Error('KMS returned no keyring');
  return parseKeyring(Buffer.from(plaintext).toString('utf8'));
}

/** Reads `{ version, keys: { name: base64url } }`; throws without quoting what it read. */
export function parseKeyring(json: string): Keyring {
  const content = readContent(json);
  const keys = new Map<KeyName, Uint8Array>();
  for (const name of KEY_NAMES) {
    const encoded = content.keys[name];
    const key = Buffer.from(typeof encoded === 'string' ? encoded : '', 'base64url');
    if (key.length !== 32) throw new Error(`the keyring has no valid ${name} key`);
    keys.set(name, key);
  }
  return {
    version: content.version,
    key(name) {
      const key = keys.get(name);
      if (key === undefined) throw new Error(`the keyring has no ${name} key`);
      return key;
    },
  };
}

function readContent(json: string): { version: number; keys: Readonly<Record<string, unknown>> } {
  const content: { version?: unknown; keys?: unknown } = parseObject(json);
  const { version, keys } = content;
  if (typeof version !== 'number' || typeof keys !== 'object' || keys === null) {
    throw new Error('the keyring has an unknown shape');
  }
  return { version, keys: { ...keys } };
}

function parseObject(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // A SyntaxError quotes its input: key material must not reach a log.
  }
  throw new Error('the keyring is not a JSON object');
}
