import { describe, expect, it } from 'vitest';
import { propertiesOf, resourcesOf, STACKS, templateOf } from './synthesized.ts';

const STATEFUL_TYPES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key'];

function tableNamed(name: string): Record<string, unknown> {
  const found = propertiesOf('Data-eu', 'AWS::DynamoDB::Table').find(
    (table) => table['TableName'] === name,
  );
  if (found === undefined) throw new Error(`no table ${name}`);
  return found;
}

describe('stateful resources', () => {
  it.each(
    STACKS.flatMap((stack) =>
      STATEFUL_TYPES.flatMap((type) =>
        resourcesOf(stack, type).map(([id, resource]) => ({ stack, id, resource })),
      ),
    ),
  )('$stack/$id stays when its stack goes or replaces it', ({ resource }) => {
    expect(resource).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('are three tables and five keys, all in the Directory and Data stacks', () => {
    const count = (stack: (typeof STACKS)[number]) =>
      STATEFUL_TYPES.map((type) => resourcesOf(stack, type).length);
    expect(STACKS.map(count)).toEqual([
      [0, 1, 2],
      [2, 0, 3],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });
});

describe('the directory table', () => {
  it('is a global table, protected, encrypted with its own key, recoverable for 35 days', () => {
    expect(propertiesOf('Directory', 'AWS::DynamoDB::GlobalTable')).toEqual([
      expect.objectContaining({
        TableName: 'domicile-directory',
        BillingMode: 'PAY_PER_REQUEST',
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS' },
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        // A table without it could never get a second replica in the same update.
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        Replicas: [
          {
            Region: { Ref: 'AWS::Region' },
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: {
              PointInTimeRecoveryEnabled: true,
              RecoveryPeriodInDays: 35,
            },
            SSESpecification: { KMSMasterKeyId: keyArnOf('DirectoryKey') },
          },
        ],
      }),
    ]);
  });
});

describe('the data table', () => {
  it('is protected, encrypted with its own key, streamed, recoverable for 35 days', () => {
    expect(tableNamed('domicile-data-eu')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 35,
      },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArnOf('DataKey') },
    });
  });
});

describe('the key table', () => {
  it('remembers one day only, so that a deleted key is gone from every copy after it', () => {
    expect(tableNamed('domicile-keys-eu')).toMatchObject({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 1,
      },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArnOf('KeysKey') },
    });
  });

  it('has no stream, no expiry and no backup plan beside it', () => {
    const table = tableNamed('domicile-keys-eu');
    expect(table).not.toHaveProperty('StreamSpecification');
    expect(table).not.toHaveProperty('TimeToLiveSpecification');
    for (const stack of STACKS) {
      const types = Object.values(templateOf(stack).Resources).map(({ Type }) => Type);
      expect(types.filter((type) => type.startsWith('AWS::Backup'))).toEqual([]);
    }
  });
});

describe('KMS keys', () => {
  it.each([
    [
      'KeyringKey',
      {
        EnableKeyRotation: true,
        MultiRegion: true,
        Tags: [{ Key: 'domicile:purpose', Value: 'keyring' }],
      },
    ],
    ['DirectoryKey', { EnableKeyRotation: true }],
    ['DataKey', { EnableKeyRotation: true }],
    ['KeysKey', { EnableKeyRotation: true }],
    ['CellKey', { EnableKeyRotation: true }],
  ])('%s is made for its purpose and outlives a deletion by 30 days', (id, properties) => {
    expect(keyNamed(id)[1].Properties).toMatchObject({ ...properties, PendingWindowInDays: 30 });
  });

  it.each(['DirectoryKey', 'DataKey', 'KeysKey'])(
    '%s is usable by this account through DynamoDB alone',
    (id) => {
      const policy = keyNamed(id)[1].Properties?.['KeyPolicy'] as {
        Statement: ReadonlyArray<Record<string, unknown>>;
      };
      expect(policy.Statement).toHaveLength(2);
      expect(policy.Statement[1]).toMatchObject({
        Sid: 'UseThroughDynamoDb',
        Condition: {
          StringEquals: {
            'kms:CallerAccount': { Ref: 'AWS::AccountId' },
            'kms:ViaService': {
              'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.amazonaws.com']],
            },
          },
        },
      });
    },
  );

  it('are none that sign: those are made, and rotated, at run time', () => {
    for (const stack of STACKS) {
      for (const key of propertiesOf(stack, 'AWS::KMS::Key')) {
        expect(key['KeyUsage'] ?? 'ENCRYPT_DECRYPT').toBe('ENCRYPT_DECRYPT');
      }
    }
  });

  it('wrap the cell’s own keyring in one region only', () => {
    expect(keyNamed('CellKey')[1].Properties).not.toHaveProperty('MultiRegion');
  });

  it.each(['KeyringKey', 'CellKey'])('%s leaves who may use it to IAM', (id) => {
    const policy = keyNamed(id)[1].Properties?.['KeyPolicy'] as { Statement: unknown };
    expect(policy.Statement).toEqual([
      expect.objectContaining({ Action: 'kms:*', Effect: 'Allow', Resource: '*' }),
    ]);
  });
});

function keyNamed(id: string) {
  const found = (['Directory', 'Data-eu'] as const)
    .flatMap((stack) => resourcesOf(stack, 'AWS::KMS::Key'))
    .find(([logicalId]) => logicalId.startsWith(id));
  if (found === undefined) throw new Error(`no key ${id}`);
  return found;
}

function keyArnOf(id: string) {
  return { 'Fn::GetAtt': [keyNamed(id)[0], 'Arn'] };
}
