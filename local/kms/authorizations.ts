/** Which actions, keys and condition keys a KMS request is checked against by IAM. */
import type { AuthorizationQuery } from '../types.ts';
import { keyNamedIn } from './encryption.ts';
import { readNewKeySpec } from './key-creation.ts';
import { DEFAULT_PENDING_WINDOW_DAYS } from './key-lifecycle.ts';
import type { Key, KeyStore } from './keys.ts';

type Query = Omit<AuthorizationQuery, 'principal' | 'region'>;
type Context = Query['context'];
type Input = Readonly<Record<string, unknown>>;

const WITH_CONTEXT = new Set([
  'Encrypt',
  'Decrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
]);

const WITHOUT_KEY = new Set(['GenerateRandom', 'ListKeys']);

export function authorizationsOf(
  keys: KeyStore,
  operation: string,
  input: Input,
): ReadonlyArray<Query> {
  const action = `kms:${operation}`;
  if (WITHOUT_KEY.has(operation)) return [{ action, resource: '*', context: {} }];
  if (operation === 'CreateKey') return creation(keys, input);
  const reference = referenceIn(operation, input);
  const key = reference === undefined ? undefined : keys.find(reference);
  // A key that does not exist is found missing after this, whoever asks.
  if (!key) return [];
  const context = {
    ...keyContext(keys, key),
    ...aliasContext(reference),
    ...signingContext(input),
    ...requestContext(operation, input),
    ...(WITH_CONTEXT.has(operation) ? encryptionContext(input) : {}),
  };
  const query = { action, resource: key.arn, context };
  return operation === 'ReplicateKey' ? [query, ...replication(keys, key, input)] : [query];
}

/** Decrypt need not name its key: the ciphertext does. */
function referenceIn(operation: string, input: Input): string | undefined {
  const { KeyId, CiphertextBlob } = input;
  if (operation === 'Decrypt' && typeof CiphertextBlob === 'string') {
    return keyNamedIn(Buffer.from(CiphertextBlob, 'base64'));
  }
  return typeof KeyId === 'string' ? KeyId : undefined;
}

/** What the key itself says, for every operation on it. */
function keyContext({ account, aliasesOf, tagsForIam }: KeyStore, key: Key): Context {
  const aliases = aliasesOf(key);
  return {
    'kms:CallerAccount': [account],
    'kms:KeySpec': [key.spec],
    'kms:KeyUsage': [key.usage],
    'kms:KeyOrigin': ['AWS_KMS'],
    'kms:MultiRegion': [String(key.multiRegion !== undefined)],
    ...(key.multiRegion && { 'kms:MultiRegionKeyType': [key.multiRegion] }),
    ...(aliases.length > 0 && { 'kms:ResourceAliases': aliases }),
    ...Object.fromEntries(
      Object.entries(tagsForIam(key)).map(([name, value]) => [`aws:ResourceTag/${name}`, [value]]),
    ),
  };
}

function creation({ account, region }: KeyStore, input: Input): ReadonlyArray<Query> {
  const { spec, usage, isMultiRegion } = readNewKeySpec(input);
  const queries = newKey(account, region, input, {
    'kms:KeySpec': [spec],
    'kms:KeyUsage': [usage],
    'kms:MultiRegion': [String(isMultiRegion)],
    ...(isMultiRegion && { 'kms:MultiRegionKeyType': ['PRIMARY'] }),
  });
  return isMultiRegion ? [...queries, serviceLinkedRole(account)] : queries;
}

/** KMS Developer Guide, "Authorizing AWS KMS to synchronize multi-Region keys". IAM is in us-east-1. */
function serviceLinkedRole(account: string): Query {
  const name = 'AWSServiceRoleForKeyManagementServiceMultiRegionKeys';
  return {
    action: 'iam:CreateServiceLinkedRole',
    resource: `arn:aws:iam::${account}:role/aws-service-role/mrk.kms.amazonaws.com/${name}`,
    context: {
      'iam:AWSServiceName': ['mrk.kms.amazonaws.com'],
      'aws:RequestedRegion': ['us-east-1'],
    },
  };
}

/** The caller needs `kms:CreateKey` in the replica's region, besides `kms:ReplicateKey` on the primary. */
function replication({ account }: KeyStore, primary: Key, input: Input): ReadonlyArray<Query> {
  const region = String(input['ReplicaRegion']);
  return newKey(account, region, input, {
    'aws:RequestedRegion': [region],
    'kms:KeySpec': [primary.spec],
    'kms:KeyUsage': [primary.usage],
    'kms:MultiRegion': ['true'],
    'kms:MultiRegionKeyType': ['REPLICA'],
  });
}

/** Tags on a key that is being made need `kms:TagResource`, on a key whose id nobody knows yet. */
function newKey(account: string, region: string, input: Input, own: Context): ReadonlyArray<Query> {
  const context = {
    'kms:CallerAccount': [account],
    'kms:KeyOrigin': ['AWS_KMS'],
    'kms:BypassPolicyLockoutSafetyCheck': [
      String(input['BypassPolicyLockoutSafetyCheck'] === true),
    ],
    ...own,
    ...tagContext(input),
  };
  const create = { action: 'kms:CreateKey', resource: '*', context };
  if (tagsIn(input).length === 0) return [create];
  const anyKey = `arn:aws:kms:${region}:${account}:key/*`;
  return [create, { action: 'kms:TagResource', resource: anyKey, context }];
}

function requestContext(operation: string, input: Input): Context {
  switch (operation) {
    case 'ReplicateKey':
      return { 'kms:ReplicaRegion': [String(input['ReplicaRegion'])] };
    case 'ScheduleKeyDeletion': {
      const days = input['PendingWindowInDays'] ?? DEFAULT_PENDING_WINDOW_DAYS;
      return { 'kms:ScheduleKeyDeletionPendingWindowInDays': [String(days)] };
    }
    case 'TagResource':
      return tagContext(input);
    default:
      return {};
  }
}

function tagContext(input: Input): Context {
  const tags = tagsIn(input);
  return {
    ...(tags.length > 0 && { 'aws:TagKeys': tags.map(([name]) => name) }),
    ...Object.fromEntries(tags.map(([name, value]) => [`aws:RequestTag/${name}`, [value]])),
  };
}

function tagsIn({ Tags }: Input): ReadonlyArray<readonly [string, string]> {
  const list: ReadonlyArray<unknown> = Array.isArray(Tags) ? Tags : [];
  return list.map((tag) => [String(Object(tag).TagKey), String(Object(tag).TagValue)] as const);
}

function aliasContext(reference: string | undefined): Context {
  const alias = /(?:^|:)(alias\/.+)$/.exec(reference ?? '')?.[1];
  return alias === undefined ? {} : { 'kms:RequestAlias': [alias] };
}

function signingContext(input: Input): Context {
  const { SigningAlgorithm, MessageType, MacAlgorithm } = input;
  return {
    ...(typeof SigningAlgorithm === 'string' && {
      'kms:SigningAlgorithm': [SigningAlgorithm],
      'kms:MessageType': [typeof MessageType === 'string' ? MessageType : 'RAW'],
    }),
    ...(typeof MacAlgorithm === 'string' && { 'kms:MacAlgorithm': [MacAlgorithm] }),
  };
}

function encryptionContext(input: Input): Context {
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
