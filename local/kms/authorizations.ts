/** Which action, key and condition keys a KMS request is checked against by IAM. */
import type { AuthorizationQuery } from '../types.ts';
import { keyNamedIn } from './encryption.ts';
import type { KeyStore } from './keys.ts';

type Query = Omit<AuthorizationQuery, 'principal' | 'region'>;
type Input = Readonly<Record<string, unknown>>;

const WITH_CONTEXT = new Set([
  'Encrypt',
  'Decrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
]);

export function authorizationsOf(
  keys: KeyStore,
  account: string,
  operation: string,
  input: Input,
): ReadonlyArray<Query> {
  const action = `kms:${operation}`;
  if (operation === 'GenerateRandom') return [{ action, resource: '*', context: {} }];
  const reference = referenceIn(operation, input);
  const key = reference === undefined ? undefined : keys.find(reference);
  // A key that does not exist is found missing after this, whoever asks.
  if (!key) return [];
  const context = {
    'kms:CallerAccount': [account],
    'kms:KeySpec': [key.spec],
    'kms:KeyUsage': [key.usage],
    'kms:MultiRegion': [String(key.multiRegion)],
    ...aliasContext(reference),
    ...signingContext(input),
    ...(WITH_CONTEXT.has(operation) ? encryptionContext(input) : {}),
  };
  return [{ action, resource: key.arn, context }];
}

/** Decrypt need not name its key: the ciphertext does. */
function referenceIn(operation: string, input: Input): string | undefined {
  const { KeyId, CiphertextBlob } = input;
  if (operation === 'Decrypt' && typeof CiphertextBlob === 'string') {
    return keyNamedIn(Buffer.from(CiphertextBlob, 'base64'));
  }
  return typeof KeyId === 'string' ? KeyId : undefined;
}

function aliasContext(reference: string | undefined): Query['context'] {
  const alias = /(?:^|:)(alias\/.+)$/.exec(reference ?? '')?.[1];
  return alias === undefined ? {} : { 'kms:RequestAlias': [alias] };
}

function signingContext(input: Input): Query['context'] {
  const { SigningAlgorithm, MessageType, MacAlgorithm } = input;
  return {
    ...(typeof SigningAlgorithm === 'string' && {
      'kms:SigningAlgorithm': [SigningAlgorithm],
      'kms:MessageType': [typeof MessageType === 'string' ? MessageType : 'RAW'],
    }),
    ...(typeof MacAlgorithm === 'string' && { 'kms:MacAlgorithm': [MacAlgorithm] }),
  };
}

function encryptionContext(input: Input): Query['context'] {
  const members = Object.entries(input['EncryptionContext'] ?? {}).map(
    ([name, value]) => [name, String(value)] as const,
  );
  return {
    'kms:EncryptionAlgorithm': ['SYMMETRIC_DEFAULT'],
    ...(members.length > 0 && { 'kms:EncryptionContextKeys': members.map(([name]) => name) }),
    ...Object.fromEntries(
      members.map(([name, value]) => [`kms:EncryptionContext:${name}`, [value]]),
    ),
  };
}
