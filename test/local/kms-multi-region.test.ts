import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GetPublicKeyCommand,
  ListResourceTagsCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  SignCommand,
  TagResourceCommand,
} from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  arnOf,
  declared,
  KEYRING,
  openKms,
  PRIMARY,
  REPLICA,
  type TestKms,
} from './kms-fixtures.ts';

const SIGNING: CreateKeyCommandInput = {
  KeySpec: 'ECC_NIST_P256',
  KeyUsage: 'SIGN_VERIFY',
  MultiRegion: true,
  Description: 'ES256',
  Tags: [{ TagKey: 'domicile:purpose', TagValue: 'signing' }],
};
const DAY_SECONDS = 86_400;

let kms: TestKms;

beforeEach(async () => {
  kms = await openKms();
});

afterEach(() => kms.close());

async function createKey(input: CreateKeyCommandInput = SIGNING): Promise<string> {
  const { KeyMetadata } = await kms.client(PRIMARY).send(new CreateKeyCommand(input));
  return KeyMetadata?.KeyId ?? '';
}

async function createPair(): Promise<string> {
  const KeyId = await createKey();
  await kms.client(PRIMARY).send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: REPLICA }));
  return KeyId;
}

async function publicKeys(ids: ReadonlyArray<string>): Promise<ReadonlyArray<string>> {
  const get = (KeyId: string) => kms.client(PRIMARY).send(new GetPublicKeyCommand({ KeyId }));
  const answers = await Promise.all(ids.map(get));
  return answers.map(({ PublicKey = [] }) => Buffer.from(PublicKey).toString('base64'));
}

type RegionName = typeof PRIMARY | typeof REPLICA;

const message = Buffer.from('header.payload');

async function sign(region: RegionName, KeyId: string): Promise<Uint8Array> {
  const { Signature } = await kms
    .client(region)
    .send(new SignCommand({ KeyId, Message: message, SigningAlgorithm: 'ECDSA_SHA_256' }));
  return Signature ?? new Uint8Array();
}

async function describeKey(region: RegionName, KeyId: string) {
  const { KeyMetadata } = await kms.client(region).send(new DescribeKeyCommand({ KeyId }));
  return KeyMetadata;
}

async function scheduleDeletion(region: RegionName, KeyId: string, PendingWindowInDays = 7) {
  return kms.client(region).send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
}

describe('a key made at run time', () => {
  test('is a multi-Region primary when asked for, with its tags', async () => {
    const KeyId = await createKey();
    expect(KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
    expect(await describeKey(PRIMARY, KeyId)).toMatchObject({
      Arn: arnOf(PRIMARY, KeyId),
      Description: 'ES256',
      Enabled: true,
      KeyState: 'Enabled',
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      MultiRegion: true,
      MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY', ReplicaKeys: [] },
    });
    const { Tags } = await kms.client(PRIMARY).send(new ListResourceTagsCommand({ KeyId }));
    expect(Tags).toEqual(SIGNING.Tags);
  });

  test('is tagged later, and a tag of the same name is replaced', async () => {
    const KeyId = await createKey();
    const Tags = [
      { TagKey: 'domicile:purpose', TagValue: 'retired' },
      { TagKey: 'team', TagValue: 'identity' },
    ];
    await kms.client(PRIMARY).send(new TagResourceCommand({ KeyId, Tags }));
    const listed = await kms.client(PRIMARY).send(new ListResourceTagsCommand({ KeyId }));
    expect(listed.Tags).toEqual(Tags);
  });

  test('stays in its region unless it is replicated', async () => {
    const KeyId = await createKey();
    await expect(sign(REPLICA, KeyId)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  const TAGS = { TagKey: 'a', TagValue: '' };
  test.each<[string, CreateKeyCommandInput, string]>([
    ['a tag named twice', { Tags: [TAGS, TAGS] }, 'TagException'],
    ["AWS's own tag prefix", { Tags: [{ TagKey: 'aws:a', TagValue: '' }] }, 'TagException'],
    ['a key spec of another use', { KeySpec: 'RSA_2048' }, 'UnsupportedOperationException'],
    ['a policy that is no JSON', { Policy: 'none' }, 'MalformedPolicyDocumentException'],
    ['a policy without statements', { Policy: '{}' }, 'MalformedPolicyDocumentException'],
    [
      'a policy that locks its maker out',
      { Policy: policy('kms:Sign') },
      'MalformedPolicyDocumentException',
    ],
  ])('%s is refused', async (_, input, name) => {
    await expect(createKey(input)).rejects.toMatchObject({ name });
  });
});

function policy(Action: string): string {
  const Principal = { AWS: '111122223333' };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action, Resource: '*' }],
  });
}

describe('a replica', () => {
  test('signs what verifies with the public key of its primary, by the same id', async () => {
    const KeyId = await createPair();
    const { PublicKey } = await kms.client(PRIMARY).send(new GetPublicKeyCommand({ KeyId }));
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), type: 'spki', format: 'der' });
    for (const id of [KeyId, arnOf(REPLICA, KeyId)]) {
      expect(verify('sha256', message, key, await sign(REPLICA, id))).toBe(true);
    }
  });

  test('is reached by its own ARN alone, not by that of its primary', async () => {
    const KeyId = await createPair();
    for (const [region, other] of [
      [PRIMARY, REPLICA],
      [REPLICA, PRIMARY],
    ] as const) {
      await expect(sign(region, arnOf(other, KeyId))).rejects.toMatchObject({
        name: 'NotFoundException',
      });
    }
  });

  test('and its primary name each other', async () => {
    const KeyId = await createPair();
    const MultiRegionConfiguration = {
      PrimaryKey: { Arn: arnOf(PRIMARY, KeyId), Region: PRIMARY },
      ReplicaKeys: [{ Arn: arnOf(REPLICA, KeyId), Region: REPLICA }],
    };
    for (const region of [PRIMARY, REPLICA] as const) {
      expect(await describeKey(region, KeyId)).toMatchObject({ MultiRegionConfiguration });
    }
  });

  test('has tags and a description of its own', async () => {
    const KeyId = await createKey();
    const { ReplicaKeyMetadata } = await kms.client(PRIMARY).send(
      new ReplicateKeyCommand({
        KeyId,
        ReplicaRegion: REPLICA,
        Tags: [{ TagKey: 'where', TagValue: 'us' }],
      }),
    );
    expect(ReplicaKeyMetadata).toMatchObject({ KeyState: 'Creating', Description: '' });
    const { Tags } = await kms.client(REPLICA).send(new ListResourceTagsCommand({ KeyId }));
    expect(Tags).toEqual([{ TagKey: 'where', TagValue: 'us' }]);
    expect(await describeKey(REPLICA, KeyId)).toMatchObject({ KeyState: 'Enabled' });
  });

  test('opens what its primary sealed, with the same encryption context only', async () => {
    const KeyId = KEYRING;
    await kms.client(PRIMARY).send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: REPLICA }));
    const EncryptionContext = { 'domicile:purpose': 'keyring' };
    const { CiphertextBlob } = await kms
      .client(PRIMARY)
      .send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('keyring'), EncryptionContext }));
    const open = (context: Record<string, string>) =>
      kms.client(REPLICA).send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
    const { Plaintext } = await open(EncryptionContext);
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('keyring');
    for (const context of [{}, { 'domicile:purpose': 'cell-keyring' }]) {
      await expect(open(context)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    }
  });

  test('a ciphertext of one region is closed to another that has no replica', async () => {
    const { CiphertextBlob } = await kms
      .client(PRIMARY)
      .send(new EncryptCommand({ KeyId: KEYRING, Plaintext: Buffer.from('keyring') }));
    await expect(
      kms.client(REPLICA).send(new DecryptCommand({ CiphertextBlob })),
    ).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  test.each([
    ['twice in a region', PRIMARY, {}, 'AlreadyExistsException'],
    ['in the region of its primary', PRIMARY, { ReplicaRegion: PRIMARY }, 'AlreadyExistsException'],
    ['of a replica', REPLICA, { ReplicaRegion: 'ap-southeast-2' }, 'UnsupportedOperationException'],
  ] as const)('is not made %s', async (_, region, change, name) => {
    const KeyId = await createPair();
    const command = new ReplicateKeyCommand({ KeyId, ReplicaRegion: REPLICA, ...change });
    await expect(kms.client(region).send(command)).rejects.toMatchObject({ name });
  });

  test('is not made of a key of one region', async () => {
    const KeyId = await createKey({ ...SIGNING, MultiRegion: false });
    const command = new ReplicateKeyCommand({ KeyId, ReplicaRegion: REPLICA });
    await expect(kms.client(PRIMARY).send(command)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });
});

describe('the end of a key', () => {
  test('a disabled key signs no more, its replica does, and enabling brings it back', async () => {
    const KeyId = await createPair();
    await kms.client(PRIMARY).send(new DisableKeyCommand({ KeyId }));
    await expect(sign(PRIMARY, KeyId)).rejects.toMatchObject({ name: 'DisabledException' });
    await sign(REPLICA, KeyId);
    await kms.client(PRIMARY).send(new EnableKeyCommand({ KeyId }));
    await sign(PRIMARY, KeyId);
  });

  test('a key that is pending deletion does nothing more, and is gone when its window ends', async () => {
    const KeyId = await createKey();
    expect(await scheduleDeletion(PRIMARY, KeyId)).toMatchObject({
      KeyState: 'PendingDeletion',
      PendingWindowInDays: 7,
      DeletionDate: new Date(kms.clock.nowMs() + 7 * DAY_SECONDS * 1000),
    });
    const pending = { name: 'KMSInvalidStateException' };
    await expect(sign(PRIMARY, KeyId)).rejects.toMatchObject(pending);
    await expect(scheduleDeletion(PRIMARY, KeyId)).rejects.toMatchObject(pending);
    await expect(kms.client(PRIMARY).send(new EnableKeyCommand({ KeyId }))).rejects.toMatchObject(
      pending,
    );
    kms.clock.advance(7 * DAY_SECONDS - 1);
    expect(await describeKey(PRIMARY, KeyId)).toMatchObject({ KeyState: 'PendingDeletion' });
    kms.clock.advance(1);
    await expect(describeKey(PRIMARY, KeyId)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('a primary waits for the last of its replicas, and only then does its window begin', async () => {
    const KeyId = await createPair();
    const scheduled = await scheduleDeletion(PRIMARY, KeyId);
    expect(scheduled).toMatchObject({ KeyState: 'PendingReplicaDeletion' });
    expect(scheduled.DeletionDate).toBeUndefined();
    await expect(sign(PRIMARY, KeyId)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await sign(REPLICA, KeyId);
    await scheduleDeletion(REPLICA, KeyId);
    kms.clock.advance(10 * DAY_SECONDS);
    const { KeyState, DeletionDate } = (await describeKey(PRIMARY, KeyId)) ?? {};
    expect(KeyState).toBe('PendingDeletion');
    expect(DeletionDate).toEqual(new Date(kms.clock.nowMs() + 4 * DAY_SECONDS * 1000));
    kms.clock.advance(4 * DAY_SECONDS);
    await expect(describeKey(PRIMARY, KeyId)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  test('a window of fewer than seven days is refused', async () => {
    const attempt = scheduleDeletion(PRIMARY, await createKey(), 6);
    await expect(attempt).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('keys over restarts and resets', () => {
  test('survive a restart with their state, and a reset brings back those of the seed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'domicile-kms-'));
    await kms.close();
    kms = await openKms(directory);
    const seeded = await createPair();
    await kms.vault.rememberSeed();
    const later = await createKey();
    await kms.client(REPLICA).send(new DisableKeyCommand({ KeyId: seeded }));
    const signature = await sign(PRIMARY, seeded);
    await kms.close();

    kms = await openKms(directory);
    const { PublicKey } = await kms
      .client(PRIMARY)
      .send(new GetPublicKeyCommand({ KeyId: seeded }));
    const key = createPublicKey({ key: Buffer.from(PublicKey ?? []), type: 'spki', format: 'der' });
    expect(verify('sha256', message, key, signature)).toBe(true);
    await expect(sign(REPLICA, seeded)).rejects.toMatchObject({ name: 'DisabledException' });
    await sign(PRIMARY, later);
    await kms.vault.reset();
    await sign(REPLICA, seeded);
    await expect(sign(PRIMARY, later)).rejects.toMatchObject({ name: 'NotFoundException' });
    await rm(directory, { recursive: true });
  });

  test('no two keys share their material, before a restart, after it, and after a reset', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'domicile-kms-'));
    const rsa: CreateKeyCommandInput = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' };
    await kms.close();
    kms = await openKms(directory);
    const seeded = await Promise.all([createKey(rsa), createKey(rsa)]);
    await kms.vault.rememberSeed();
    const before = [...seeded, await createKey(rsa)];
    expect(new Set(await publicKeys(before)).size).toBe(3);
    await kms.close();

    kms = await openKms(directory);
    const restarted = [...before, await createKey(rsa), await createKey(rsa)];
    expect(new Set(await publicKeys(restarted)).size).toBe(5);
    await kms.vault.reset();
    const reset = [...seeded, ...(await Promise.all([createKey(rsa), createKey(rsa)]))];
    expect(new Set(await publicKeys(reset)).size).toBe(4);
    await rm(directory, { recursive: true });
  });

  test('a reset before there is a seed leaves the keys of the templates', async () => {
    const KeyId = await createKey();
    await kms.vault.reset();
    await expect(sign(PRIMARY, KeyId)).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(await describeKey(PRIMARY, KEYRING)).toMatchObject({ KeyState: 'Enabled' });
  });
});

test('a replica that a template declares shares the material of its primary', async () => {
  await kms.close();
  kms = await openKms(undefined, [
    declared(PRIMARY, 'mrk-1', { MultiRegion: true }),
    declared(REPLICA, 'mrk-1', { PrimaryKeyArn: arnOf(PRIMARY, 'mrk-1') }, 'AWS::KMS::ReplicaKey'),
  ]);
  const { CiphertextBlob } = await kms
    .client(PRIMARY)
    .send(new EncryptCommand({ KeyId: 'mrk-1', Plaintext: message }));
  const { Plaintext } = await kms.client(REPLICA).send(new DecryptCommand({ CiphertextBlob }));
  expect(Buffer.from(Plaintext ?? [])).toEqual(message);
});
