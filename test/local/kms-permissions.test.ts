import {
  CreateKeyCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  ReplicateKeyCommand,
} from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  arnOf,
  authorizerOf,
  isAllowed,
  KEYRING,
  openKms,
  PRIMARY,
  REPLICA,
  type TestKms,
} from './kms-fixtures.ts';

const ALL = { Effect: 'Allow', Action: ['kms:*', 'iam:CreateServiceLinkedRole'], Resource: '*' };
const Tags = [{ TagKey: 'domicile:purpose', TagValue: 'signing' }];

let kms: TestKms;

beforeEach(async () => {
  kms = await openKms();
});

afterEach(() => kms.close());

function may(
  statement: Readonly<Record<string, unknown>>,
  operation: string,
  input: Readonly<Record<string, unknown>>,
  region: typeof PRIMARY | typeof REPLICA = PRIMARY,
): boolean {
  const authorizer = authorizerOf(kms.vault, ...[statement].flat());
  return isAllowed(authorizer, kms.service(region), region, operation, input);
}

async function createKey(Policy?: string): Promise<string> {
  const { KeyMetadata } = await kms.client(PRIMARY).send(
    new CreateKeyCommand({
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      MultiRegion: true,
      Tags,
      ...(Policy !== undefined && { Policy }),
    }),
  );
  return KeyMetadata?.KeyId ?? '';
}

test('the tags of a new key may be read at once, but count for IAM later', async () => {
  await kms.close();
  kms = await openKms(undefined, undefined, 300_000);
  const KeyId = await createKey();
  const tagged = {
    ...ALL,
    Condition: { StringEquals: { 'aws:ResourceTag/domicile:purpose': 'signing' } },
  };
  expect(may(tagged, 'GetPublicKey', { KeyId })).toBe(false);
  expect(may(ALL, 'GetPublicKey', { KeyId })).toBe(true);
  const { Tags: read } = await kms.client(PRIMARY).send(new ListResourceTagsCommand({ KeyId }));
  expect(read).toEqual(Tags);
  kms.clock.advance(300_000);
  expect(may(tagged, 'GetPublicKey', { KeyId })).toBe(true);
});

describe('to use a key made at run time', () => {
  const Message = Buffer.alloc(32).toString('base64');
  const signing = { MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256', Message };

  test.each([
    ['by its tag', { 'aws:ResourceTag/domicile:purpose': 'signing' }, true],
    ['by another tag', { 'aws:ResourceTag/domicile:purpose': 'keyring' }, false],
    ['by a tag that it lacks', { 'aws:ResourceTag/team': 'identity' }, false],
    ['by message type', { 'kms:MessageType': 'DIGEST' }, true],
    ['by another message type', { 'kms:MessageType': 'RAW' }, false],
    ['by algorithm', { 'kms:SigningAlgorithm': 'ECDSA_SHA_256' }, true],
    ['by another algorithm', { 'kms:SigningAlgorithm': 'RSASSA_PKCS1_V1_5_SHA_256' }, false],
    ['by its place in the family', { 'kms:MultiRegionKeyType': 'PRIMARY' }, true],
    ['by another place in the family', { 'kms:MultiRegionKeyType': 'REPLICA' }, false],
  ])('a policy may name it %s', async (_, StringEquals, expected) => {
    const KeyId = await createKey();
    const Resource = `arn:aws:kms:${PRIMARY}:*:key/*`;
    const statement = { ...ALL, Resource, Condition: { StringEquals } };
    expect(may(statement, 'Sign', { KeyId, ...signing })).toBe(expected);
  });

  test('IAM must allow it: the default policy of a key only leaves the choice to IAM', async () => {
    const KeyId = await createKey();
    expect(may(ALL, 'Sign', { KeyId, ...signing })).toBe(true);
    expect(may({ ...ALL, Action: 'kms:Decrypt' }, 'Sign', { KeyId, ...signing })).toBe(false);
  });

  test('its own policy must leave it to IAM', async () => {
    const KeyId = await createKey(
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: '111122223333' },
            Action: 'kms:PutKeyPolicy',
            Resource: '*',
          },
        ],
      }),
    );
    expect(may(ALL, 'Sign', { KeyId, ...signing })).toBe(false);
  });

  test('the policy of a primary says nothing of its replica', async () => {
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:PutKeyPolicy', Resource: '*' },
      ],
    });
    const KeyId = await createKey(Policy);
    await kms.client(PRIMARY).send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: REPLICA }));
    expect(may(ALL, 'Sign', { KeyId, ...signing }, REPLICA)).toBe(true);
    expect(may(ALL, 'Sign', { KeyId, ...signing }, PRIMARY)).toBe(false);
  });
});

describe('to make a key', () => {
  const input = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', MultiRegion: true, Tags };

  test.each([
    ['of a spec', 'StringEquals', { 'kms:KeySpec': 'RSA_2048' }, true],
    ['of another spec', 'StringEquals', { 'kms:KeySpec': 'ECC_NIST_P256' }, false],
    ['for a use', 'StringEquals', { 'kms:KeyUsage': 'SIGN_VERIFY' }, true],
    ['for another use', 'StringEquals', { 'kms:KeyUsage': 'ENCRYPT_DECRYPT' }, false],
    ['of several regions', 'Bool', { 'kms:MultiRegion': 'true' }, true],
    ['of one region', 'Bool', { 'kms:MultiRegion': 'false' }, false],
    ['with a tag', 'StringEquals', { 'aws:RequestTag/domicile:purpose': 'signing' }, true],
    ['with another tag', 'StringEquals', { 'aws:RequestTag/domicile:purpose': 'x' }, false],
    ['with known tags', 'ForAllValues:StringEquals', { 'aws:TagKeys': 'domicile:purpose' }, true],
    ['with other tags', 'ForAllValues:StringEquals', { 'aws:TagKeys': 'team' }, false],
  ])('a policy may allow those %s', (_, operator, keys, expected) => {
    const Condition = { [operator]: keys };
    const role = { ...ALL, Action: 'iam:CreateServiceLinkedRole' };
    const make = { ...ALL, Action: ['kms:CreateKey', 'kms:TagResource'], Condition };
    const authorizer = authorizerOf(kms.vault, role, make);
    expect(isAllowed(authorizer, kms.service(PRIMARY), PRIMARY, 'CreateKey', input)).toBe(expected);
  });

  test.each(['kms:CreateKey', 'kms:TagResource', 'iam:CreateServiceLinkedRole'])(
    'of several regions and with tags, %s is needed too',
    (missing) => {
      const Action = ALL.Action.concat('kms:CreateKey', 'kms:TagResource');
      const denial = { Effect: 'Deny', Action: missing, Resource: '*' };
      const authorizer = authorizerOf(kms.vault, { ...ALL, Action }, denial);
      const allowed = isAllowed(authorizer, kms.service(PRIMARY), PRIMARY, 'CreateKey', input);
      expect(allowed).toBe(false);
    },
  );

  test('a key may be tagged at birth under a policy that names all keys of a region', () => {
    const role = { ...ALL, Action: 'iam:CreateServiceLinkedRole' };
    const create = { ...ALL, Action: 'kms:CreateKey' };
    const tag = { ...ALL, Action: 'kms:TagResource', Resource: arnOf(PRIMARY, '*') };
    const elsewhere = { ...tag, Resource: arnOf(REPLICA, '*') };
    const ask = (...statements: ReadonlyArray<Readonly<Record<string, unknown>>>) =>
      isAllowed(
        authorizerOf(kms.vault, ...statements),
        kms.service(PRIMARY),
        PRIMARY,
        'CreateKey',
        input,
      );
    expect(ask(role, create, tag)).toBe(true);
    expect(ask(role, create, elsewhere)).toBe(false);
  });
});

describe('to replicate a key', () => {
  const input = { KeyId: KEYRING, ReplicaRegion: REPLICA };
  // The template's key has no policy in this vault's IAM engine: a made one has.
  const replicating = async (...statements: ReadonlyArray<Readonly<Record<string, unknown>>>) => {
    const request = { ...input, KeyId: await createKey() };
    const authorizer = authorizerOf(kms.vault, ...statements);
    return isAllowed(authorizer, kms.service(PRIMARY), PRIMARY, 'ReplicateKey', request);
  };
  const replicate = { ...ALL, Action: 'kms:ReplicateKey' };
  const create = { ...ALL, Action: 'kms:CreateKey' };
  const provided = (StringEquals: Record<string, string>) => ({ Condition: { StringEquals } });

  test('the caller needs to create keys in the region of the replica', async () => {
    expect(await replicating(replicate, create)).toBe(true);
    expect(await replicating(replicate)).toBe(false);
    expect(await replicating(create)).toBe(false);
    const there = provided({ 'aws:RequestedRegion': REPLICA });
    expect(await replicating(replicate, { ...create, ...there })).toBe(true);
    const here = provided({ 'aws:RequestedRegion': PRIMARY });
    expect(await replicating(replicate, { ...create, ...here })).toBe(false);
  });

  test('a policy may say into which region, and of which kind of key', async () => {
    const into = (region: string) => ({
      ...replicate,
      ...provided({ 'kms:ReplicaRegion': region }),
    });
    expect(await replicating(into(REPLICA), create)).toBe(true);
    expect(await replicating(into('ap-southeast-2'), create)).toBe(false);
    const kind = (type: string) => ({ ...create, ...provided({ 'kms:MultiRegionKeyType': type }) });
    expect(await replicating(replicate, kind('REPLICA'))).toBe(true);
    expect(await replicating(replicate, kind('PRIMARY'))).toBe(false);
  });
});

test.each([
  [{ PendingWindowInDays: 30 }, true],
  [{}, true],
  [{ PendingWindowInDays: 7 }, false],
])('a policy may ask for a long window before a key is deleted: %o', async (window, expected) => {
  const Condition = {
    NumericGreaterThanEquals: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' },
  };
  const input = { KeyId: await createKey(), ...window };
  expect(may({ ...ALL, Condition }, 'ScheduleKeyDeletion', input)).toBe(expected);
});

test('keys are listed page by page, those of the region alone', async () => {
  const made = [KEYRING, await createKey(), await createKey()];
  const listed: Array<string | undefined> = [];
  let Marker: string | undefined;
  do {
    const page = await kms
      .client(PRIMARY)
      .send(new ListKeysCommand({ Limit: 1, ...(Marker !== undefined && { Marker }) }));
    listed.push(...(page.Keys ?? []).map(({ KeyId }) => KeyId));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  expect(listed.toSorted()).toEqual(made.toSorted());
});
