import { createHash, createPublicKey, verify as verifyWithNode } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateMacCommand,
  GenerateRandomCommand,
  GetPublicKeyCommand,
  KMSClient,
  SignCommand,
  type SigningAlgorithmSpec,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKmsService } from '../../local/kms/service.ts';
import { openKeyVault } from '../../local/kms/vault.ts';
import type { AwsService, DeployedResource } from '../../local/types.ts';
import { movableClock } from './dynamodb-fixtures.ts';
import { ACCOUNT, REGION, type ServiceEndpoint, serve } from './service-endpoint.ts';

const PREFIX = `arn:aws:kms:${REGION}:${ACCOUNT}:`;

function key(id: string, properties: Record<string, unknown>): DeployedResource {
  return {
    stack: 'Directory',
    region: REGION,
    logicalId: id,
    type: 'AWS::KMS::Key',
    physicalId: id,
    attributes: { Arn: `${PREFIX}key/${id}` },
    properties,
  };
}

const resources: ReadonlyArray<DeployedResource> = [
  key('wrap', { MultiRegion: true }),
  key('other', {}),
  key('off', { Enabled: false }),
  key('rsa', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }),
  key('ec', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
  key('mac', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  {
    ...key('alias', { AliasName: 'alias/keyring', TargetKeyId: `${PREFIX}key/wrap` }),
    type: 'AWS::KMS::Alias',
    attributes: {},
  },
];

let service: AwsService;
let endpoint: ServiceEndpoint;
let client: KMSClient;

beforeAll(async () => {
  const vault = await openKeyVault({ account: ACCOUNT, resources, clock: movableClock() });
  service = createKmsService(vault, REGION);
  endpoint = await serve(service);
  client = new KMSClient(endpoint.client);
});

afterAll(async () => {
  client.destroy();
  await endpoint.close();
});

const Plaintext = Buffer.from('keyring');
const EncryptionContext = { 'domicile:purpose': 'keyring', cell: 'eu' };

async function encrypt(): Promise<Uint8Array> {
  const { CiphertextBlob } = await client.send(
    new EncryptCommand({ KeyId: `${PREFIX}key/wrap`, Plaintext, EncryptionContext }),
  );
  return CiphertextBlob ?? new Uint8Array();
}

describe('Encrypt and Decrypt', () => {
  test('the ciphertext names its key, and the order of the context does not matter', async () => {
    const answer = await client.send(
      new DecryptCommand({
        CiphertextBlob: await encrypt(),
        EncryptionContext: { cell: 'eu', 'domicile:purpose': 'keyring' },
      }),
    );
    expect(Buffer.from(answer.Plaintext ?? [])).toEqual(Plaintext);
    expect(answer.KeyId).toBe(`${PREFIX}key/wrap`);
  });

  test.each([
    ['another context', { 'domicile:purpose': 'other', cell: 'eu' }],
    ['no context', undefined],
  ])('%s is refused', async (_, context) => {
    const CiphertextBlob = await encrypt();
    const attempt = client.send(
      new DecryptCommand({ CiphertextBlob, ...(context && { EncryptionContext: context }) }),
    );
    await expect(attempt).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  test.each([0, 1, 3, 10, 20, 40])('a ciphertext changed at byte %i is refused', async (index) => {
    const CiphertextBlob = Buffer.from(await encrypt());
    CiphertextBlob[index] = (CiphertextBlob[index] ?? 0) ^ 1;
    await expect(
      client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext })),
    ).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  test('a key other than the one that encrypted is refused', async () => {
    const CiphertextBlob = await encrypt();
    await expect(
      client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: 'other' })),
    ).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  });

  test('a data key comes wrapped, and in plain unless asked otherwise', async () => {
    const dataKey = await client.send(
      new GenerateDataKeyCommand({ KeyId: 'alias/keyring', KeySpec: 'AES_256' }),
    );
    const opened = await client.send(
      new DecryptCommand({ CiphertextBlob: dataKey.CiphertextBlob }),
    );
    expect(opened.Plaintext).toEqual(dataKey.Plaintext);
    const wrapped = await client.send(
      new GenerateDataKeyWithoutPlaintextCommand({ KeyId: 'wrap', NumberOfBytes: 16 }),
    );
    expect(wrapped.CiphertextBlob).toBeDefined();
    expect(wrapped).not.toHaveProperty('Plaintext');
  });
});

describe('keys', () => {
  test.each([
    ['a key that is not there', 'nowhere', 'NotFoundException'],
    ['an alias that is not there', 'alias/nowhere', 'NotFoundException'],
    ['a disabled key', 'off', 'DisabledException'],
    ['a signing key', 'rsa', 'InvalidKeyUsageException'],
  ])('%s does not encrypt', async (_, KeyId, name) => {
    const attempt = client.send(new EncryptCommand({ KeyId, Plaintext }));
    await expect(attempt).rejects.toMatchObject({ name });
  });

  test('are described, disabled ones too', async () => {
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'off' }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled', KeySpec: 'SYMMETRIC_DEFAULT' });
  });

  test('the public half of a symmetric key does not exist', async () => {
    await expect(client.send(new GetPublicKeyCommand({ KeyId: 'wrap' }))).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });

  test('survive a restart in a file that only its owner reads', async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'domicile-kms-'));
    const clock = movableClock();
    const start = async () =>
      createKmsService(
        await openKeyVault({ account: ACCOUNT, resources, clock, dataDirectory }),
        REGION,
      );
    const call = {
      service: 'kms',
      region: REGION,
      operation: 'GetPublicKey',
      principal: { roleArn: `arn:aws:iam::${ACCOUNT}:role/x`, name: 'x' },
      headers: {},
      input: { KeyId: 'ec' },
    };
    const before = await (await start()).handle(call);
    const after = await (await start()).handle(call);
    expect(after.body).toBe(before.body);
    const { mode } = await stat(join(dataDirectory, 'kms-keys.json'));
    expect(mode & 0o777).toBe(0o600);
    await rm(dataDirectory, { recursive: true });
  });
});

describe('signatures', () => {
  const message = Buffer.from('header.payload');
  const digest = createHash('sha256').update(message).digest();
  const table: ReadonlyArray<[SigningAlgorithmSpec, string]> = [
    ['RSASSA_PKCS1_V1_5_SHA_256', 'rsa'],
    ['RSASSA_PSS_SHA_256', 'rsa'],
    ['ECDSA_SHA_256', 'ec'],
  ];

  async function sign(KeyId: string, SigningAlgorithm: SigningAlgorithmSpec, raw: boolean) {
    const { Signature } = await client.send(
      new SignCommand({
        KeyId,
        SigningAlgorithm,
        Message: raw ? message : digest,
        MessageType: raw ? 'RAW' : 'DIGEST',
      }),
    );
    return Signature ?? new Uint8Array();
  }

  test.each(table)(
    '%s verifies with node:crypto, from the message or its digest',
    async (algorithm, KeyId) => {
      const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
      const publicKey = createPublicKey({
        key: Buffer.from(PublicKey ?? []),
        type: 'spki',
        format: 'der',
      });
      const settings = algorithm === 'RSASSA_PSS_SHA_256' ? { padding: 6, saltLength: 32 } : {};
      for (const raw of [true, false]) {
        const signature = await sign(KeyId, algorithm, raw);
        expect(verifyWithNode('sha256', message, { key: publicKey, ...settings }, signature)).toBe(
          true,
        );
      }
    },
  );

  test.each(table)(
    '%s is verified by KMS, and a changed one is not',
    async (SigningAlgorithm, KeyId) => {
      const Signature = await sign(KeyId, SigningAlgorithm, false);
      const verify = (signature: Uint8Array) =>
        client.send(
          new VerifyCommand({ KeyId, SigningAlgorithm, Message: message, Signature: signature }),
        );
      expect((await verify(Signature)).SignatureValid).toBe(true);
      const changed = Buffer.from(Signature);
      changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
      await expect(verify(changed)).rejects.toMatchObject({ name: 'KMSInvalidSignatureException' });
    },
  );

  test.each([
    [
      'a digest of the wrong length',
      { Message: Buffer.alloc(31), MessageType: 'DIGEST' as const },
      'ValidationException',
    ],
    ['a message over 4,096 bytes', { Message: Buffer.alloc(4097) }, 'ValidationException'],
    [
      'an algorithm of another key type',
      { Message: message, SigningAlgorithm: 'ECDSA_SHA_256' as const },
      'InvalidKeyUsageException',
    ],
    ['a key for encryption', { Message: message, KeyId: 'wrap' }, 'InvalidKeyUsageException'],
  ])('%s is refused', async (_, change, name) => {
    const attempt = client.send(
      new SignCommand({ KeyId: 'rsa', SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256', ...change }),
    );
    await expect(attempt).rejects.toMatchObject({ name });
  });
});

test('a MAC verifies, and a changed one does not', async () => {
  const common = { KeyId: 'mac', MacAlgorithm: 'HMAC_SHA_256' as const, Message: Plaintext };
  const { Mac } = await client.send(new GenerateMacCommand(common));
  expect((await client.send(new VerifyMacCommand({ ...common, Mac }))).MacValid).toBe(true);
  await expect(
    client.send(new VerifyMacCommand({ ...common, Mac: Buffer.alloc(32) })),
  ).rejects.toMatchObject({ name: 'KMSInvalidMacException' });
});

test('GenerateRandom gives as many bytes as asked', async () => {
  const { Plaintext: bytes } = await client.send(new GenerateRandomCommand({ NumberOfBytes: 24 }));
  expect(bytes).toHaveLength(24);
});

describe('authorization', () => {
  const ask = (operation: string, input: Record<string, unknown>) =>
    service.authorizations({
      service: 'kms',
      region: REGION,
      operation,
      principal: { roleArn: `arn:aws:iam::${ACCOUNT}:role/x`, name: 'x' },
      headers: {},
      input,
    })[0];

  test('Sign tells algorithm and message type', () => {
    expect(
      ask('Sign', {
        KeyId: 'rsa',
        SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
        MessageType: 'DIGEST',
      }),
    ).toMatchObject({
      action: 'kms:Sign',
      resource: `${PREFIX}key/rsa`,
      context: {
        'kms:SigningAlgorithm': ['RSASSA_PKCS1_V1_5_SHA_256'],
        'kms:MessageType': ['DIGEST'],
      },
    });
  });

  test('Decrypt is asked on the key that the ciphertext names, with its context', async () => {
    const CiphertextBlob = Buffer.from(await encrypt()).toString('base64');
    expect(ask('Decrypt', { CiphertextBlob, EncryptionContext })).toMatchObject({
      resource: `${PREFIX}key/wrap`,
      context: {
        'kms:EncryptionContextKeys': ['domicile:purpose', 'cell'],
        'kms:EncryptionContext:domicile:purpose': ['keyring'],
      },
    });
  });

  test('an alias is told', () => {
    expect(ask('Encrypt', { KeyId: 'alias/keyring' })).toMatchObject({
      resource: `${PREFIX}key/wrap`,
      context: { 'kms:RequestAlias': ['alias/keyring'] },
    });
  });
});
