import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, type KMSClient } from '@aws-sdk/client-kms';
import { InvariantError } from '../../core/errors.ts';
import { callAws } from '../aws-errors.ts';
import { sendDynamo } from '../dynamodb/send.ts';

export const KEY_NAMES = [
  'identifier-pepper',
  'password-pepper',
  'sealing',
  'data-key-wrapping',
] as const;
export type KeyName = (typeof KEY_NAMES)[number];

/** The symmetric keys of a deployment, 256 bits each, by version: what old ones made stays good. */
export interface Keyring {
  /** What new things are made with; recorded with each, to find its key again. */
  readonly version: number;
  has(version: number): boolean;
  /** The current key, or that of a recorded version. Throws when the keyring has no such version. */
  key(name: KeyName, version?: number): Uint8Array;
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
  if (wrapped === undefined) throw new InvariantError('the keyring was not provisioned');
  const { Plaintext: plaintext } = await callAws('KMS', () =>
    deps.kms.send(
      new DecryptCommand({
        KeyId: deps.keyringKeyArn,
        CiphertextBlob: wrapped,
        EncryptionContext: KEYRING_CONTEXT,
      }),
    ),
  );
  if (plaintext === undefined) throw new InvariantError('KMS returned no keyring');
  return parseKeyring(Buffer.from(plaintext).toString('utf8'));
}

type Keys = Readonly<Record<KeyName, Uint8Array>>;

/**
 * Reads `{ current, versions: { number: { name: base64url } } }`; throws without quoting what it
 * read. All versions have to agree on the pepper of identifiers: nothing records with which one an
 * address was hashed, so that another pepper would lose every account.
 */
export function parseKeyring(json: string): Keyring {
  const { current, versions: encoded } = parseObject(json);
  if (typeof current !== 'number' || !isObject(encoded)) {
    throw new InvariantError('the keyring has an unknown shape');
  }
  const versions = new Map<number, Keys>();
  for (const [version, keys] of Object.entries(encoded)) {
    versions.set(Number(version), readKeys(keys));
  }
  requireOnePepper([...versions.values()]);

  function key(name: KeyName, version = current): Uint8Array {
    const keys = versions.get(Number(version));
    if (keys === undefined) throw new InvariantError(`the keyring has no version ${version}`);
    return keys[name];
  }
  key('sealing');
  return { version: current, has: (version) => versions.has(version), key };
}

function readKeys(encoded: unknown): Keys {
  const read = (name: KeyName): Uint8Array => {
    const text = isObject(encoded) ? encoded[name] : undefined;
    const key = Buffer.from(typeof text === 'string' ? text : '', 'base64url');
    if (key.length !== 32) throw new InvariantError(`the keyring has no valid ${name} key`);
    return key;
  };
  return {
    'identifier-pepper': read('identifier-pepper'),
    'password-pepper': read('password-pepper'),
    sealing: read('sealing'),
    'data-key-wrapping': read('data-key-wrapping'),
  };
}

function requireOnePepper(versions: ReadonlyArray<Keys>): void {
  const peppers = versions.map((keys) =>
    Buffer.from(keys['identifier-pepper']).toString('base64url'),
  );
  if (new Set(peppers).size > 1) throw new InvariantError('the identifier-pepper was changed');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function parseObject(json: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(json);
    if (isObject(value)) return value;
  } catch {
    // A SyntaxError quotes its input: key material must not reach a log.
  }
  throw new InvariantError('the keyring is not a JSON object');
}
